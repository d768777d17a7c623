#!/usr/bin/env python3
"""Bad input and bad luck on the running dondocd, over CURVE: one test for each numbered case, with the
outcome that is right for it. In all of them nothing changes but counters and the security log (the
Merkle root and the digest of state are compared), a peer that can be kept is kept, and the server
goes on answering others. A command refused by a rule adds its entry, and nothing else."""
import contextlib
import os
import subprocess
import time
import unittest

import zmq

import wire
from wire import Keys, Province, c, field, indicator, progress, register, s, serialise, submit
from wire import agree, until, varint, withdraw

# core/limits.h
REQUEST_BYTES_MAX, COMMAND_BYTES_MAX, COMMANDS_MAX, CREDIT = 256 * 1024, 48 * 1024, 256, 64
REPEATED_MAX, FIELDS_MAX = 1024, 16384
SECURITY_LINES_PER_MINUTE = 30
FIGURE_MAX = 10 ** 18 - 1
INT64_MIN, INT64_MAX = -2 ** 63, 2 ** 63 - 1
CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fuzz", "corpus")


def corpus():
    """(kind, name, bytes) of every seed of the fuzz targets."""
    for kind in sorted(os.listdir(CORPUS)):
        for name in sorted(os.listdir(os.path.join(CORPUS, kind))):
            with open(os.path.join(CORPUS, kind, name), "rb") as file:
                yield kind, name, file.read()


def nested(number, depth):
    content = b""
    for _ in range(depth):
        content = field(number, content)
    return content


def answer_of(refusal):
    return refusal.key, refusal.rule_key, refusal.field


class OnProvince(unittest.TestCase):
    """The tests of a class share a province."""

    @classmethod
    def setUpClass(cls):
        cls.province = Province()

    @classmethod
    def tearDownClass(cls):
        cls.province.close()

    @contextlib.contextmanager
    def unchanged(self, entries=0):
        """No entry is made in here; or so many, all refused by a rule: then the tables, the dossiers and
        what is owed are the same. What is compared comes over another client's link."""
        before, drawn = self.province.mark(), self.drawn()
        yield
        after = self.province.mark()
        if entries == 0:
            self.assertEqual(after, before)
        self.assertEqual(after[0], before[0] + entries)
        self.assertEqual(self.drawn(), drawn)

    def drawn(self):
        """What the state says, without what it remembers of refused commands."""
        admin, seq = self.province.admin, self.province.mark()[0]
        read = [admin.ask(min_seq=seq, table=s.TableQuestion(cycle=wire.CYCLE, period="year")).table,
                admin.ask(min_seq=seq, duties=s.DutiesQuestion(cycle=wire.CYCLE)).duties,
                *(self.province.dossier(unit.code) for unit in wire.UNITS[1:])]
        return [part.SerializeToString(deterministic=True) for part in read]

    def assert_kept(self, client):
        self.assertEqual(client.ask(hello=s.HelloQuestion()).hello.jurisdiction,
                         self.province.jurisdiction)

    def assert_refused(self, got, status, rule="", path=""):
        """got: a Result, or a Reply whose request was refused as a whole."""
        self.assertEqual(answer_of(got.refusal), (status, rule, path), got)

    def assert_all_refused(self, client, cases):
        """cases: (command or its bytes, status, rule, field). Each alone in a request of its own."""
        for command, *wanted in cases:
            data = command if isinstance(command, bytes) else serialise(command)
            with self.subTest(wanted=wanted, command=data[:80]):
                self.assert_refused(client.do_bytes(data), *wanted)

    def account_number(self, code):
        """The number under which the log knows an account that has sent a command."""
        for account, entry in self.province.entries(self.province.admin):
            if account == code:
                return entry.account
        raise AssertionError(f"{code} has no entry")

    def assert_security_line(self, lines_before, *parts):
        """A new line of the security log has all of these."""
        until(lambda: [line for line in self.province.security_lines()[lines_before:]
                       if all(part in line.split() for part in parts)],
              f"a security line with {parts}")


class Links(OnProvince):
    """Who may speak, and in what frames."""

    def test_case_04_an_unknown_key_is_refused_by_zap_and_logged_at_a_bounded_rate(self):
        strangers = []
        with self.unchanged():
            for _ in range(SECURITY_LINES_PER_MINUTE + 10):
                stranger = self.province.connect(Keys())
                stranger.send(stranger.request_bytes(question=s.Question(
                    hello=s.HelloQuestion())))
                strangers.append(stranger)
            for stranger in strangers:
                self.assertEqual(stranger.event(), (zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400))
            self.assertIsNone(strangers[0].reply(wait_s=0.2))
            for stranger in strangers:
                stranger.close()
        lines = [line for line in self.province.security_lines() if '"unknown key"' in line]
        self.assertEqual(len(lines), SECURITY_LINES_PER_MINUTE)
        self.assertIn("peer=127.0.0.1", lines[0])

    def test_case_06_a_revoked_key_is_told_so_at_its_next_message(self):
        keys = Keys()
        admin = self.province.admin
        seq = admin.accept(keys.put_account("so-xd.tam", [(c.ROLE_OFFICER, "so-xd")])).seq
        client = self.province.connect(keys)
        self.assertEqual(client.ask(min_seq=seq, hello=s.HelloQuestion()).hello.account,
                         "so-xd.tam")
        self.assertFalse(client.do(register("so-xd")).HasField("refusal"))
        admin.accept(c.Command(revoke=c.Revoke(account="so-xd.tam", reason="Mất khóa")))
        lines = len(self.province.security_lines())
        with self.unchanged():
            self.assert_refused(client.request(commands=[client.signed(serialise(
                register("so-xd", indicator(2))))]), "key-expired")
            self.assert_refused(client.request(question=s.Question(hello=s.HelloQuestion())),
                                "key-expired")
        self.assert_security_line(lines, "msg=key-expired", "site=link-key")

    def test_case_06_a_key_whose_validity_has_ended_is_told_so_on_its_open_link(self):
        keys = Keys()
        admin = self.province.admin
        now_ms = admin.request(question=s.Question(hello=s.HelloQuestion())).now_ms
        seq = admin.accept(keys.put_account("so-xd.het-han", [(c.ROLE_OFFICER, "so-xd")],
                                            valid_to_ms=now_ms + 2)).seq
        client = self.province.connect(keys)

        def move_clock(to_ms):
            reply = admin.request(clock_advance=s.ClockAdvance(to_ms=to_ms))
            self.assertFalse(reply.HasField("refusal"), reply)
        move_clock(now_ms + 1)  # the last instant of its validity
        client.ask(min_seq=seq, hello=s.HelloQuestion())
        move_clock(now_ms + 2)
        with self.unchanged():
            self.assert_refused(client.request(commands=[client.signed(serialise(
                register("so-xd", indicator(2))))]), "key-expired")

    # The client library says TOO_LARGE by itself: test_session_send.c (a command), test_dondoc.c.
    def test_case_08_a_frame_over_the_limit_drops_the_link_and_nobody_else(self):
        victim = self.province.link("so-tc")
        self.assert_kept(victim)
        with self.unchanged():
            self.assert_refused(victim.exchange(bytes(REQUEST_BYTES_MAX)), "invalid", "malformed")
            self.assert_refused(victim.exchange(bytes(REQUEST_BYTES_MAX + 1)), "too-large",
                                "too-long")
            self.assert_kept(victim)
            victim.send(bytes(REQUEST_BYTES_MAX + 8 * 1024))
            self.assertEqual(victim.event()[0], zmq.EVENT_DISCONNECTED)
        self.assert_kept(self.province.link("so-yt"))
        # The socket connects again by itself.
        self.assert_kept(victim)

    # That they are counted: test_route.c.
    def test_case_10_frames_that_are_none_of_the_protocol_are_a_bad_envelope(self):
        client = self.province.link("so-tc")
        body = client.request_bytes(question=s.Question(hello=s.HelloQuestion()))
        service = client.service
        with self.unchanged():
            for frames in (
                    (b"",),
                    (b"", b""),
                    (b"", b"MDPC01"),
                    (b"", b"MDPC01", service),
                    (b"", b"MDPC01", service, body, b""),
                    (b"", b"MDPC01", service, body, body),
                    (b"", b"MDPC01", service, *[b"x"] * 6),
                    (b"", b"MDPC01", service, *[b""] * 1000),
                    (b"", b"", service, body),
                    (b"", b"MDPC01", b"", body),
                    (b"", b"MDPC01", service, b""),
                    (b"", b"", b"", b""),
                    (b"MDPC01", service, body),
                    (b"MDPC01", service, body, b""),
                    (b"x", b"MDPC01", service, body),
                    (b"", b"MDPC02", service, body),
                    (b"", b"MDPW01", service, body),
                    (b"", b"mdpc01", service, body),
                    (b"", b"MDPC01\0", service, body)):
                with self.subTest(frames=[frame[:8] for frame in frames[:9]]):
                    client.send_frames(*frames)
                    self.assert_refused(client.reply(), "bad-envelope", "malformed")
            self.assert_kept(client)

    def test_case_11_another_version_is_told_the_range_whatever_else_it_holds(self):
        client = self.province.link("so-tc")
        hello = s.Question(hello=s.HelloQuestion()).SerializeToString()
        with self.unchanged():
            for protocol in (0, 2, 3, 2 ** 32 - 1):
                for unknown in (b"", field(8, b"new"), field(1000, 1), nested(9, 20)):
                    body = field(1, protocol) + field(2, b"v") + field(6, hello) + unknown
                    reply = client.exchange(body)
                    self.assert_refused(reply, "version", "bad-protocol", "protocol")
                    self.assertEqual(list(reply.refusal.params), ["1", "1"])
                    self.assertEqual(reply.request_id, b"v")
            reply = client.exchange(field(1, 1) + field(2, b"v") + field(6, hello) + field(8, 1))
            self.assert_refused(reply, "invalid", "unknown-field")
            self.assertEqual(list(reply.refusal.params), ["8"])
            self.assert_kept(client)


class Messages(OnProvince):
    """What is in a message: bytes, texts, numbers."""

    # The long run of the fuzz targets is tests/fuzz/short.sh; here their seeds meet the real server.
    def test_case_12_truncated_and_fuzzed_messages_are_refused_and_kill_nothing(self):
        client = self.province.link("so-tc")
        command = serialise(register("so-tc", indicator(target=c.Figure(mantissa=-5, scale=2))))
        body = client.request_bytes(commands=[client.signed(command)])
        with self.unchanged():
            for end in range(1, len(body)):
                refusal = client.exchange(body[:end]).refusal
                self.assertIn(refusal.key, ("invalid", "version"), end)
            for first in range(0, len(command), COMMANDS_MAX):
                for result in client.do_all(command[:end] for end in range(
                        first, min(first + COMMANDS_MAX, len(command)))):
                    self.assertEqual(result.refusal.key, "invalid", result)
            flipped = [command[:at] + bytes([command[at] ^ 1 << bit]) + command[at + 1:]
                       for at in range(len(command)) for bit in range(8)]
            signature = client.sign(command)
            for first in range(0, len(flipped), COMMANDS_MAX):
                reply = client.request(commands=[client.signed(data, signature)
                                                 for data in flipped[first:first + COMMANDS_MAX]])
                for result in reply.results:
                    self.assertIn(result.refusal.key, ("invalid", "bad-signature"), result)
            self.assert_kept(client)

    def test_case_12_every_seed_of_the_fuzz_targets_gets_a_clear_answer(self):
        client = self.province.link("so-tc")
        before, logged, seeds = self.province.mark()[0], 0, 0
        for kind, name, data in corpus():
            with self.subTest(kind=kind, name=name):
                reply = client.exchange(data)
                seeds += 1
                self.assertTrue(reply.HasField("refusal") or reply.HasField("answer")
                                or reply.results, reply)
                self.assertEqual(reply.credit, CREDIT)
                results = list(reply.results)
                if kind == "command" and len(data) <= COMMAND_BYTES_MAX:
                    results.append(client.do_bytes(data))
                logged += sum(not result.remembered and result.refusal.key in
                              ("forbidden", "refused", "stale") for result in results)
                # None of them has an effect: they are refused, by a rule or before.
                for result in results:
                    self.assertTrue(result.HasField("refusal"), result)
        self.assertGreater(seeds, 50)
        self.assertEqual(self.province.mark()[0], before + logged)
        self.assert_kept(client)

    def assert_invalid(self, client, body, *rules):
        reply = client.exchange(body)
        self.assertEqual(reply.refusal.key, "invalid", reply)
        self.assertIn(reply.refusal.rule_key, rules)

    def test_case_13_messages_built_to_exhaust_are_refused_before_they_are_unpacked(self):
        client = self.province.link("so-tc")
        head = field(1, 1) + field(2, b"x")
        identity = field(1, bytes(16))
        groups = varint(10 << 3 | 3) * 10000 + varint(10 << 3 | 4) * 10000
        with self.unchanged():
            for deep in (nested(10, 10000), nested(6, 10000), nested(5, 10000), groups):
                self.assert_invalid(client, head + field(6, deep), "too-deep", "unknown-field",
                                    "malformed")
                self.assert_invalid(client, head + deep, "too-deep", "unknown-field", "malformed",
                                    "duplicate-field", "not-utf8")
            for deep in (identity + nested(number, 10000) for number in (10, 11, 14, 20)):
                result = client.do_bytes(deep)
                self.assertEqual(result.refusal.key, "invalid", result)
            # Elements: of a request, of a command; as far as their bytes allow, and beyond.
            self.assert_invalid(client, head + field(5, b"") * (REPEATED_MAX + 1), "too-many")
            self.assert_invalid(client, head + field(5, b"") * 100000, "too-many")
            body = client.request_bytes(commands=[s.SignedCommand()] * (COMMANDS_MAX + 1))
            self.assert_invalid(client, body, "too-many")
            self.assertEqual(len(client.request(
                commands=[s.SignedCommand()] * COMMANDS_MAX).results), COMMANDS_MAX)
            task = register("so-tc").register.SerializeToString()
            for removed in (b"\x01" * (REPEATED_MAX + 1), b"\x01" * 40000):
                self.assert_refused(client.do_bytes(identity + field(20, task + field(6, removed))),
                                    "invalid", "too-many", "register.removed")
            self.assert_refused(client.do_bytes(
                identity + field(20, task + field(6, b"\x01" * COMMAND_BYTES_MAX))),
                "too-large", "too-long")
            million = field(1, 1) + field(2, b"x") + field(5, b"") * 10 ** 6
            self.assertGreater(len(million), REQUEST_BYTES_MAX)
            client.send(million)
            self.assertEqual(client.event()[0], zmq.EVENT_DISCONNECTED)
            self.assert_kept(client)

    def test_case_13_unknown_fields_and_second_values_are_refused(self):
        client = self.province.link("so-tc")
        command = serialise(register("so-tc"))
        task = register("so-tc").register.SerializeToString()
        identity = command[:18]
        hello = s.Question(hello=s.HelloQuestion()).SerializeToString()
        head = field(1, 1) + field(2, b"x")
        now_ms = client.request(question=s.Question(hello=s.HelloQuestion())).now_ms
        clock = s.ClockAdvance(to_ms=now_ms).SerializeToString()
        with self.unchanged():
            for data, rule, path in (
                    (command + field(1000, 1), "unknown-field", ""),
                    (identity + field(20, task + field(99, b"x")), "unknown-field", "register"),
                    (command + identity, "duplicate-field", "id"),
                    (command + field(25, b""), "duplicate-field", "revoke"),
                    (command + command[18:], "duplicate-field", "register"),
                    (identity + field(20, task + field(2, b"so-xd")), "duplicate-field",
                     "register.unit"),
                    (identity, "missing", "body"),
                    (identity + field(20, b""), "missing", "register.cycle"),
                    (command[18:], "bad-length", "id")):
                with self.subTest(rule=rule, path=path):
                    self.assert_refused(client.do_bytes(data), "invalid", rule, path)
            for body, rule, path in (
                    (head + field(6, hello) + field(2, b"y"), "duplicate-field", "request_id"),
                    (head + field(6, hello) * 2, "duplicate-field", "question"),
                    (head + field(6, hello + field(10, b"")), "duplicate-field", "question.hello"),
                    (head + field(6, hello) + field(99, 1), "unknown-field", ""),
                    (head + field(6, hello + field(99, 1)), "unknown-field", "question"),
                    (head + field(6, hello) + field(5, b""), "duplicate", "question"),
                    (head, "missing", "commands"),
                    (field(1, 1) + field(6, hello), "missing", "request_id"),
                    (field(1, 1) + field(2, b"x" * 33) + field(6, hello), "too-long",
                     "request_id")):
                with self.subTest(rule=rule, path=path):
                    self.assert_refused(client.exchange(body), "invalid", rule, path)
            # The clock is the broker's own, which is as strict with who may move it.
            for strange in (field(99, 1), field(2, b"y"), field(7, clock)):
                reply = self.province.admin.exchange(head + field(7, clock) + strange)
                self.assertEqual(reply.refusal.key, "invalid", reply)
            for strange in (field(99, 1), field(1, 2)):
                reply = self.province.admin.exchange(head + field(7, clock + strange))
                self.assertEqual(reply.refusal.key, "invalid", reply)
            self.assert_kept(client)

    BAD_TEXTS = (
        (b"a\xc3(aaa", "not-utf8"), (b"\xc0\xafaaaa", "not-utf8"), (b"\xed\xa0\x80aaa", "not-utf8"),
        (b"\xf4\x90\x80\x80aa", "not-utf8"), (b"\xffaaaaa", "not-utf8"), (b"aaaaa\xc3", "not-utf8"),
        (b"a\0aaaa", "control-character"), (b"a\x07aaaa", "control-character"),
        (b"a\x1baaaa", "control-character"), (b"aaaa\x7fa", "control-character"),
        (b"a\xc2\x85aaa", "control-character"),
        *((mark.encode().ljust(6, b"a"), "control-character")
          for mark in "\u061c\u200e\u200f\u202a\u202e\u2066\u2069\ufeff"),
        ("e\u0301".encode().ljust(6, b"a"), "not-nfc"),
        ("o\u031b".encode().ljust(6, b"a"), "not-nfc"),
        ("\u212b".encode().ljust(6, b"a"), "not-nfc"))

    def test_case_14_a_bad_text_is_refused_with_its_field_and_rule(self):
        client, place = self.province.link("so-tc"), "@@@@@@"
        attachment = c.Attachment(sha256=bytes(32), type="text/plain", name=place)
        templates = (
            (register("so-tc", indicator(title=place)), "register.indicators[0].title"),
            (register("so-tc", indicator(), indicator(2, unit_of_measure=place)),
             "register.indicators[1].unit_of_measure"),
            (register("so-tc", kind=place), "register.kind"),
            (register(place), "register.unit"),
            (submit("so-tc", reason=place), "submit.reason"),
            (submit("so-tc", attachments=[attachment]), "submit.attachments[0].name"),
            (progress("so-tc", note=place), "progress.note"),
            (progress("so-tc", correction=c.Correction(seq=1, reason=place)),
             "progress.correction.reason"),
            (c.Command(revoke=c.Revoke(account="so-xd", reason=place)), "revoke.reason"),
            (c.Command(put_units=c.PutUnits(page=1, units=[c.Unit(code="so-x", name=place)])),
             "put_units.units[0].name"),
            (c.Command(put_programme=c.PutProgramme(programme=c.Programme(code="x", name_vi=place))),
             "put_programme.programme.name_vi"))
        with self.unchanged():
            for command, path in templates:
                data = [(serialise(command).replace(place.encode(), text), rule)
                        for text, rule in self.BAD_TEXTS]
                for (bad, rule), result in zip(data, client.do_all(bad for bad, _ in data)):
                    with self.subTest(path=path, bad=bad):
                        self.assert_refused(result, "invalid", rule, path)
            trace = client.request_bytes(trace_id=place,
                                         question=s.Question(hello=s.HelloQuestion()))
            for text, rule in self.BAD_TEXTS:
                self.assert_refused(client.exchange(trace.replace(place.encode(), text)),
                                    "invalid", rule, "trace_id")
            self.assert_kept(client)

    def test_case_14_texts_that_are_too_long_and_words_that_are_none(self):
        client = self.province.link("so-tc")
        item, end = "register.indicators[0].", f"{wire.YEAR}-12-31"
        with self.unchanged():
            self.assert_all_refused(client, (
                (register("so-tc", indicator(title="ă" * 1000 + "a")), "invalid", "too-long",
                 item + "title"),
                (register("so-tc", indicator(unit_of_measure="a" * 129)), "invalid", "too-long",
                 item + "unit_of_measure"),
                (register("so-tc", indicator(unit_of_measure="a\nb")), "invalid",
                 "control-character", item + "unit_of_measure"),
                (register("so-tc", indicator(title="")), "invalid", "missing", item + "title"),
                (submit("so-tc", reason="a" * 4001), "invalid", "too-long", "submit.reason"),
                (submit("so-tc", reason="a" * 40000), "invalid", "too-long", "submit.reason"),
                (register("a" * 49), "invalid", "bad-code", "register.unit"),
                (register("so tc"), "invalid", "bad-code", "register.unit"),
                (register("-so-tc"), "invalid", "bad-code", "register.unit"),
                (register("sở-tc"), "invalid", "bad-code", "register.unit"),
                (register(""), "invalid", "missing", "register.unit"),
                (register("so-tc", cycle="key"), "invalid", "bad-code", "register.cycle"),
                (register("so-tc", cycle="key/2013/1"), "invalid", "bad-code", "register.cycle"),
                (progress("so-tc", outcome=0), "invalid", "missing", "progress.outcome"),
                (progress("so-tc", outcome=6), "invalid", "unknown-word", "progress.outcome"),
                (progress("so-tc", outcome=-1), "invalid", "unknown-word", "progress.outcome"),
                (submit("so-tc", what=4), "invalid", "unknown-word", "submit.what"),
                (submit("so-tc", what=3), "invalid", "out-of-range", "submit.matter"),
                (submit("so-tc", what=0), "invalid", "missing", "submit.what"),
                (submit("so-tc", capacity=6), "invalid", "unknown-word", "submit.capacity"),
                (c.Command(decide=c.Decide(cycle=wire.CYCLE, unit="so-xd", version=1,
                                           content_hash=bytes(32), verdict=4)),
                 "invalid", "unknown-word", "decide.verdict"),
                (c.Command(put_account=c.PutAccount(code="x", offices=[c.Office(role=99)])),
                 "invalid", "unknown-word", "put_account.offices[0].role"),
                (c.Command(open_cycle=c.OpenCycle(
                    programme="key", period="2014", page=1,
                    reports=[c.ReportDue(code="x", word=4, day=end)])),
                 "invalid", "unknown-word", "open_cycle.reports[0].word"),
                (c.Command(genesis=c.Genesis(jurisdiction="bacgiang")), "invalid", "missing",
                 "genesis.origin"),
                (c.Command(tick=c.Tick()), "invalid", "not-yours", "")))
            self.assert_refused(client.request(question=s.Question(duties=s.DutiesQuestion(
                cycle=wire.CYCLE, act=9))), "invalid", "unknown-word", "question.duties.act")
            self.assert_kept(client)
        # On the other side of the limits a rule answers, or it is accepted.
        longest = indicator(9, title="ă" * 1000, unit_of_measure="a" * 128)
        self.assertFalse(client.do(register("so-tc", longest, task=9)).HasField("refusal"))
        self.assert_refused(client.do(submit("a" * 48, reason="a" * 4000)), "refused",
                            "no-such-unit", "unit")

    def test_case_15_numbers_and_days_out_of_range_are_invalid(self):
        client = self.province.link("so-tc")
        item, target = "register.indicators[0].", "register.indicators[0].target"
        identity = serialise(register("so-tc"))[:18]
        days = ("2013-02-30", "2013-02-29", "2013-00-10", "2013-13-01", "2013-01-00", "2013-04-31",
                "0000-01-01", "1969-12-31", "10000-01-01", "2013-1-5", "20130105", "2013-01-11x")
        with self.unchanged():
            self.assert_all_refused(client, (
                *((register("so-tc", task=task), "invalid", "out-of-range", "register.task")
                  for task in (0, 10000, 2 ** 32 - 1)),
                *((register("so-tc", indicator(number)), "invalid", "out-of-range",
                   item + "number") for number in (0, 10000, 65537)),
                *((register("so-tc", indicator(target=c.Figure(mantissa=mantissa, scale=scale))),
                   "invalid", "bad-figure", target)
                  for mantissa, scale in ((INT64_MIN, 0), (INT64_MAX, 0), (FIGURE_MAX + 1, 0),
                                          (-FIGURE_MAX - 1, 6), (1, 7), (0, 2 ** 32 - 1))),
                *((register("so-tc", indicator(due=day)), "invalid", "bad-date", item + "due")
                  for day in days),
                *((progress("so-tc", day=day), "invalid", "bad-date", "progress.day")
                  for day in days),
                (progress("so-tc", day=""), "invalid", "missing", "progress.day"),
                (progress("so-tc", number=10000), "invalid", "out-of-range",
                 "progress.indicator"),
                (withdraw("so-tc", 0), "invalid", "out-of-range", "withdraw.version"),
                (withdraw("so-tc", 1000), "invalid", "out-of-range", "withdraw.version"),
                *((c.Command(put_calendar=c.PutCalendar(year=year)), "invalid", "out-of-range",
                   "put_calendar.year") for year in (0, 1969, 10000, 2 ** 32 - 1)),
                (c.Command(put_calendar=c.PutCalendar(year=2013, offset_min=-2 ** 31)), "invalid",
                 "out-of-range", "put_calendar.offset_min"),
                *((Keys().put_account("x", [], valid_from_ms=instant), "invalid", "out-of-range",
                   "put_account.valid_from_ms") for instant in (-1, INT64_MIN, INT64_MAX)),
                (c.Command(put_units=c.PutUnits(page=0)), "invalid", "out-of-range",
                 "put_units.page"),
                # More than the field's type holds: unpacking would cut it.
                (identity + field(20, register("so-tc", task=1).register.SerializeToString()
                                  + field(6, varint(2 ** 32 + 1))),
                 "invalid", "out-of-range", "register.removed"),
                (identity + field(20, varint(3 << 3) + b"\xff" * 10 + b"\x01"), "invalid",
                 "malformed", "register.task")))
            for number, refused in (
                    (s.Question(dossier=s.DossierQuestion(cycle=wire.CYCLE, unit="so-tc",
                                                          version=1000)),
                     ("invalid", "out-of-range", "question.dossier.version")),
                    (s.Question(table=s.TableQuestion(cycle=wire.CYCLE, period="year",
                                                      as_of="2013-02-30")),
                     ("invalid", "bad-date", "question.table.as_of")),
                    (s.Question(log=s.LogQuestion(from_ms=-1)),
                     ("invalid", "out-of-range", "question.log.from_ms")),
                    (s.Question(min_seq=2 ** 64 - 1, hello=s.HelloQuestion()),
                     ("not-found", "no-such-entry", "min_seq"))):
                self.assert_refused(client.request(question=number), *refused)
            for deadline_ms in (-1, INT64_MIN, INT64_MAX):
                self.assert_refused(client.request(deadline_ms=deadline_ms, question=s.Question(
                    hello=s.HelloQuestion())), "invalid", "out-of-range", "deadline_ms")
            for to_ms in (-1, INT64_MIN, INT64_MAX):
                self.assert_refused(
                    self.province.admin.request(clock_advance=s.ClockAdvance(to_ms=to_ms)),
                    "invalid", "out-of-range", "clock_advance.to_ms")
            self.assert_refused(self.province.admin.request(clock_advance=s.ClockAdvance(to_ms=0)),
                                "refused", "clock-backwards", "clock_advance.to_ms")
            self.assert_kept(client)

    # Checked arithmetic and the laws of the sums: test_figure.c, test_tally.c, prop_core.c. There is no
    # share (0 to 100) in today's messages; an achievement may exceed its target, without bound.
    def test_case_15_the_largest_figures_are_taken_and_no_sum_wraps(self):
        party = self.province.link("so-xd")
        figures = [(FIGURE_MAX, 0), (FIGURE_MAX, 0), (FIGURE_MAX, 6), (-FIGURE_MAX, 0), (0, 0),
                   (-1, 6)]
        items = [indicator(number, target=c.Figure(mantissa=mantissa, scale=scale))
                 for number, (mantissa, scale) in enumerate(figures, 1)]
        party.accept(register("so-xd", *items))
        seq = party.accept(submit("so-xd")).seq
        self.province.approve("so-xd", 1)
        for number in range(1, len(figures) + 1):
            seq = party.accept(progress("so-xd", number=number,
                                        outcome=c.OUTCOME_EXCEEDED)).seq
        dossier = self.province.dossier("so-xd", 1)
        self.assertEqual([(entry.indicator.target.mantissa, entry.indicator.target.scale)
                          for entry in dossier.items], figures)
        table = self.province.admin.ask(min_seq=seq, table=s.TableQuestion(
            cycle=wire.CYCLE, period="year")).table
        for counts in (next(row for row in table.rows if row.unit == "so-xd").counts,
                       table.totals[-1].counts):
            self.assertEqual((counts.registered_year, counts.completed, counts.exceeded,
                              counts.not_completed), (len(figures), len(figures), len(figures), 0))


class Rules(OnProvince):
    """Repetition, identity and office."""

    def test_case_16_a_command_sent_a_thousand_times_at_once_has_one_effect(self):
        total, links = 1000, [self.province.link("so-tc") for _ in range(8)]
        data = serialise(submit("so-tc", what=c.SUBMISSION_REPORT, report="year"))
        signed = links[0].signed(data)
        before = self.province.mark()[0]
        sent, results = 0, []
        while sent < total:
            for link in links:
                share = min(CREDIT, total - sent)
                for _ in range(share):
                    link.send(link.request_bytes(commands=[signed]))
                sent += share
            self.drain(links, results, sent)
        self.assertEqual(len(results), total)
        self.assertEqual(sum(not result.remembered for result in results), 1)
        self.assertEqual({(result.id, result.seq, result.HasField("refusal"))
                          for result in results},
                         {(data[2:18], before + 1, False)})
        self.assertEqual(self.province.mark()[0], before + 1)
        duties = self.province.admin.ask(min_seq=before + 1, duties=s.DutiesQuestion(
            cycle=wire.CYCLE, unit="so-tc")).duties.duties
        self.assertEqual([duty.met_seq for duty in duties if duty.duty == "report/year"],
                         [before + 1])

    def drain(self, links, results, count):
        """Takes replies of all links until there are so many results."""
        poller = zmq.Poller()
        for link in links:
            poller.register(link.socket, zmq.POLLIN)
        by_socket = {link.socket: link for link in links}
        while len(results) < count:
            ready = poller.poll(wire.WAIT_S * 1000)
            self.assertTrue(ready, f"{len(results)} of {count} answers came")
            for socket, _ in ready:
                results += by_socket[socket].reply().results

    def test_case_17_the_same_id_with_other_bytes_is_a_conflict(self):
        party = self.province.link("so-yt")
        command = register("so-yt", indicator(title="Tiêm chủng"))
        data = serialise(command)
        first = party.do_bytes(data)
        self.assertFalse(first.HasField("refusal"), first)
        lines = len(self.province.security_lines())
        other = register("so-yt", indicator(title="Tiêm chủng mở rộng"))
        other.id = command.id
        with self.unchanged():
            self.assert_refused(party.do(other), "id-conflict", path="id")
            again = party.do_bytes(data)
            self.assertEqual((again.seq, again.remembered), (first.seq, True))
        number = self.account_number("so-yt")
        self.assert_security_line(lines, "status=id-conflict", f"account={number}")

    def test_case_19_a_signature_or_unit_that_is_not_ones_own_is_not_taken_or_forbidden(self):
        forger, other = self.province.link("so-xd"), self.province.link("so-tc")
        lines = len(self.province.security_lines())
        data = serialise(register("so-xd"))
        flipped = bytearray(forger.sign(data))
        flipped[10] ^= 1
        elsewhere = forger.keys.sign.sign(b"dondoc-command-v1\nelsewhere\n" + data).signature
        with self.unchanged():
            for signature in (bytes(flipped), bytes(64), elsewhere, other.sign(data)):
                self.assert_refused(forger.do_bytes(data, signature), "bad-signature")
            self.assert_refused(forger.do_bytes(data, b""), "bad-signature", "not-signed")
            self.assert_refused(forger.do_bytes(serialise(register("so-tc")),
                                                other.sign(data)), "bad-signature")
            # Neither may a signature that need not be there be wrong.
            self.assert_refused(forger.do_bytes(serialise(progress("so-xd")), bytes(64)),
                                "bad-signature")
            # A recorded command of another agency, with its own good signature.
            recorded = serialise(register("so-tc"))
            self.assert_refused(forger.do_bytes(recorded, other.sign(recorded)), "bad-signature")
        with self.unchanged(entries=3):
            for forged in (register("so-tc"), submit("so-tc"), progress("so-tc")):
                self.assert_refused(forger.do(forged), "forbidden", "no-office", "unit")
        entries = self.province.entries(self.province.admin)[-3:]
        self.assertEqual([account for account, _ in entries], ["so-xd"] * 3)
        number = self.account_number("so-xd")
        self.assert_security_line(lines, "status=bad-signature", f"account={number}")
        self.assert_security_line(lines, "status=forbidden", f"account={number}")
        self.assertEqual({part for line in self.province.security_lines()[lines:]
                          for part in line.split() if part.startswith("account=")},
                         {f"account={number}"})

    def test_case_20_nobody_decides_without_the_office_or_on_their_own(self):
        province = self.province
        for unit in ("so-xd", "so-yt", "so-nv"):
            party = province.link(unit)
            party.accept(register(unit))
            party.accept(submit(unit))
        hashes = {unit: province.dossier(unit, 1).versions[0].content_hash
                  for unit in ("so-xd", "so-yt", "so-nv")}

        def decision(unit):
            return agree(unit, 1, hashes[unit])
        with self.unchanged(entries=9):
            for account, command, rule, path in (
                    # at appraisal
                    ("so-tc", decision("so-xd"), "no-office", "unit"),
                    ("chairman", decision("so-xd"), "no-office", "unit"),
                    ("vp-ubnd", decision("so-xd"), "no-office", "unit"),
                    ("so-xd", decision("so-xd"), "four-eyes", ""),
                    ("so-xd.van-thu", decision("so-xd"), "four-eyes", ""),
                    ("so-nv", decision("so-nv"), "four-eyes", ""),
                    # not even who would approve it
                    ("vice-chairman", decision("so-yt"), "four-eyes", ""),
                    # handing in
                    ("so-xd.van-thu", submit("so-xd"), "no-office", "unit"),
                    ("so-tc", submit("so-tc", capacity=c.CAPACITY_FOR_HEAD), "capacity",
                     "capacity")):
                with self.subTest(account=account, rule=rule, unit=command.WhichOneof("body")):
                    self.assert_refused(province.link(account).do(command), "forbidden", rule, path)
        for unit in ("so-xd", "so-yt"):
            province.link("so-nv").accept(decision(unit))
        with self.unchanged(entries=5):
            for account, unit, rule, path in (
                    # at approval
                    ("so-nv", "so-xd", "no-office", "unit"),
                    ("so-xd", "so-xd", "four-eyes", ""),
                    ("vice-chairman", "so-xd", "not-the-approver", ""),
                    ("vice-chairman", "so-yt", "four-eyes", ""),
                    ("chairman", "so-yt", "not-the-approver", "")):
                with self.subTest(account=account, unit=unit, rule=rule):
                    self.assert_refused(province.link(account).do(decision(unit)), "forbidden",
                                        rule, path)
        province.link("chairman").accept(decision("so-xd"))


class Luck(unittest.TestCase):
    """What ends, is cut and comes again. A province each."""

    def setUp(self):
        self.province = Province()
        self.addCleanup(self.province.close)

    def refuse_out_of_order(self, party, command, status, rule):
        """One entry more, with this answer."""
        seq = self.province.mark()[0]
        data = serialise(command)
        result = party.do_bytes(data)
        self.assertEqual((result.refusal.key, result.refusal.rule_key, result.seq),
                         (status, rule, seq + 1), result)
        self.refused.append((party.keys, data, result))

    def test_case_21_steps_out_of_order_are_refused_with_an_entry_and_replay_gives_the_same(self):
        self.refused = []
        province = self.province
        party, appraiser, chairman = (province.link(code)
                                      for code in ("so-tc", "so-nv", "chairman"))
        no = self.refuse_out_of_order
        no(party, submit("so-tc"), "refused", "empty-draft")
        no(party, progress("so-tc"), "refused", "not-in-force")
        no(chairman, agree("so-tc", 1), "refused", "no-such-version")
        no(appraiser, agree("so-tc", 999), "refused", "no-such-version")
        no(appraiser, agree("khong-co", 1), "refused", "no-such-unit")
        no(party, withdraw("so-tc", 1), "refused", "no-such-version")
        party.accept(register("so-tc"))
        party.accept(submit("so-tc"))
        no(party, submit("so-tc"), "refused", "version-pending")
        no(party, progress("so-tc"), "refused", "not-in-force")
        first = province.dossier("so-tc", 1).versions[0].content_hash
        no(chairman, agree("so-tc", 1, first), "forbidden", "no-office")
        party.accept(withdraw("so-tc", 1))
        no(appraiser, agree("so-tc", 1, first), "refused", "nothing-pending")
        no(party, withdraw("so-tc", 1), "refused", "nothing-pending")
        party.accept(register("so-tc", indicator(2)))
        party.accept(submit("so-tc"))
        second = province.dossier("so-tc", 2).versions[-1].content_hash
        no(appraiser, agree("so-tc", 1, first), "stale", "newer-version")
        no(appraiser, agree("so-tc", 2, first), "stale", "version-hash")
        appraiser.accept(agree("so-tc", 2, second))
        no(party, withdraw("so-tc", 2), "refused", "already-decided")
        no(party, progress("so-tc"), "refused", "not-in-force")
        chairman.accept(agree("so-tc", 2, second))
        no(chairman, agree("so-tc", 2, second), "refused", "nothing-pending")
        no(party, submit("so-tc", reason="Điều chỉnh"), "refused", "nothing-changed")
        no(party, submit("so-tc"), "refused", "reason-needed")
        no(party, progress("so-tc", number=3), "refused", "no-such-item")
        no(party, progress("so-tc", day=f"{wire.YEAR}-01-12"), "refused", "day-in-future")
        no(party, progress("so-tc", day=f"{wire.YEAR - 1}-12-31"), "refused", "outside-cycle")
        party.accept(progress("so-tc"))
        province.admin.accept(c.Command(close_cycle=c.CloseCycle(cycle=wire.CYCLE)))
        for command in (progress("so-tc"), register("so-tc"), withdraw("so-tc", 2),
                        submit("so-tc", what=c.SUBMISSION_REPORT, report="year")):
            no(party, command, "refused", "closed")
        no(chairman, agree("so-tc", 2, second), "refused", "closed")
        no(province.admin, c.Command(close_cycle=c.CloseCycle(cycle=wire.CYCLE)), "refused",
           "closed")
        self.assert_replay_gives_the_same()

    def three_lines(self, output):
        """(seq, root, digest) of the lines `seq N`, `root HEX`, `digest HEX`."""
        said = dict(line.split() for line in output.splitlines()
                    if line.split()[:1] in (["seq"], ["root"], ["digest"]))
        return int(said["seq"]), said["root"], said["digest"]

    def assert_data_gives(self, mark):
        """State as it lies, and state made again of the journal alone."""
        province = self.province
        lies = province.run("digest", "--data", province.data)
        replayed = province.run("audit", "replay", "--data", province.data, "--into",
                                province.path("replayed"))
        self.assertEqual(self.three_lines(lies), mark)
        self.assertEqual(self.three_lines(replayed), mark)

    def assert_replay_gives_the_same(self):
        province = self.province
        mark = province.mark()
        province.stop()
        self.assert_data_gives(mark)
        province.start()
        self.assertEqual(province.mark(), mark)
        for keys, data, before in self.refused:
            again = province.connect(keys).do_bytes(data)
            self.assertTrue(again.remembered)
            self.assertEqual((again.seq, again.refusal), (before.seq, before.refusal))
        self.assertEqual(province.mark(), mark)

    def test_case_22_a_reply_lost_after_the_commit_is_given_again(self):
        province = self.province
        proxy = wire.Proxy(province.endpoint)
        self.addCleanup(proxy.close)
        party = province.connect(province.keys["so-tc"], proxy.endpoint)
        self.assertEqual(party.ask(hello=s.HelloQuestion()).hello.account, "so-tc")
        seq = province.mark()[0]
        for name, command, refused in (("accepted", register("so-tc"), ""),
                                       ("refused", submit("so-xd"), "forbidden")):
            with self.subTest(name):
                data = serialise(command)
                proxy.held_bytes = 0
                proxy.holds.set()
                party.send(party.request_bytes(commands=[party.signed(data)]))
                seq += 1
                until(lambda: province.mark()[0] == seq and proxy.held_bytes > 0,
                      "it is logged and answered")
                proxy.cut()
                proxy.holds.clear()
                self.assertEqual(party.event()[0], zmq.EVENT_DISCONNECTED)
                mark = province.mark()
                stored = party.do_bytes(data)
                self.assertEqual((stored.id, stored.seq, stored.remembered, stored.refusal.key),
                                 (data[2:18], seq, True, refused))
                self.assertEqual(province.mark(), mark)

    def test_case_25_a_server_killed_with_requests_in_flight_loses_and_doubles_nothing(self):
        self.survive_kills("all")

    def test_case_25_a_broker_killed_with_requests_in_flight_loses_and_doubles_nothing(self):
        self.province.close()
        self.province = Province(roles=("broker", "registrar"))
        self.addCleanup(self.province.close)
        self.survive_kills("broker")

    def survive_kills(self, role):
        """Drafts indicators while a process is killed and started again; what is not answered is sent
        again, the same bytes, until it is."""
        province, total = self.province, 600
        party = province.link("so-tc")
        commands = {}
        for number in range(1, total + 1):
            data = serialise(register("so-tc", indicator(1 + number % 150), task=1 + number // 150))
            commands[data[2:18]] = data
        base = province.mark()[0]
        kills, waiting = [total // 6, total // 2], list(commands)
        flying, answered = set(), {}
        end = time.monotonic() + 3 * wire.WAIT_S
        while len(answered) < total:
            self.assertLess(time.monotonic(), end, f"{len(answered)} of {total} were answered")
            while waiting and len(flying) < CREDIT:
                flying.add(waiting[0])
                self.send_one(party, commands[waiting.pop(0)])
            if kills and len(answered) >= kills[0]:
                kills.pop(0)
                self.assertTrue(flying)
                province.kill(role)
                province.start(role)
            reply = party.reply(wait_s=0.5)
            if reply is None or reply.HasField("refusal"):  # lost, or not there yet
                self.assertIn(reply.refusal.key if reply else "", ("", "unavailable", "busy"))
                for command_id in flying if reply is None else ():
                    self.send_one(party, commands[command_id])
                continue
            for result in reply.results:
                self.assertFalse(result.HasField("refusal"), result)
                self.assertEqual(answered.setdefault(result.id, result.seq), result.seq)
                flying.discard(result.id)
        self.assertEqual(kills, [])
        self.assert_one_effect_each(answered, base)

    def send_one(self, party, data):
        party.send(party.request_bytes(commands=[party.signed(data)]))

    def assert_one_effect_each(self, answered, base):
        """The log has what was answered, under the seq that was answered, and nothing else; and state
        as it lies is what the log makes."""
        province = self.province
        province.admin = province.connect(province.admin_keys())
        mark = province.mark()
        self.assertEqual(mark[0], base + len(answered))
        self.assertEqual(sorted((entry.command.id, entry.seq) for _, entry in
                                province.entries(province.admin, base + 1)),
                         sorted(answered.items()))
        province.stop()
        self.assert_data_gives(mark)

class Kills(unittest.TestCase):
    # tests/crash/kill_loop.c is this case with its 200 kills; here it is run with a few.
    def test_case_24_a_server_killed_under_load_has_lost_and_doubled_nothing(self):
        program = os.path.join(os.path.dirname(os.path.abspath(wire.DONDOCD)), "tests",
                               "kill_loop")
        if not os.path.exists(program):
            self.skipTest("kill_loop is not built beside dondocd")
        done = subprocess.run([program], capture_output=True, text=True, timeout=120, check=False,
                              env={**os.environ, "DD_KILLS": "5", "DONDOCD": wire.DONDOCD})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
