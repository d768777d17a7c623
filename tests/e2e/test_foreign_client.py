#!/usr/bin/env python3
"""A client that shares nothing with this project but docs/protocol.md and proto/: pyzmq, PyNaCl and
Google's protobuf drive a running dondocd over CURVE, take a dossier through its cycle, and check the
log with a verifier of their own. What the page says wrongly or leaves out fails here.

Environment: DONDOC, DONDOCD (the programs), PROTO_PY_DIR (proto/ compiled by protoc --python_out)."""
import datetime
import hashlib
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

import nacl.exceptions
import nacl.signing
import zmq
import zmq.utils.monitor
import zmq.utils.z85

sys.path.insert(0, os.environ.get("PROTO_PY_DIR", "build/proto_py"))
from dondoc.v1 import command_pb2 as c  # noqa: E402
from dondoc.v1 import service_pb2 as s  # noqa: E402

DONDOC = os.environ.get("DONDOC", "build/dondoc")
DONDOCD = os.environ.get("DONDOCD", "build/dondocd")
JURISDICTION = "bacgiang"
SERVICE = b"dondoc." + JURISDICTION.encode()
OFFSET_MIN = 7 * 60
WAIT_MS = 15000
TODAY = (datetime.datetime.now(datetime.timezone.utc)
         + datetime.timedelta(minutes=OFFSET_MIN)).date()
YEAR = TODAY.year
CYCLE = f"key/{YEAR}"
# docs/protocol.md, section 7
FORBIDDEN, STALE, INVALID, BAD_ENVELOPE, VERSION = 10, 11, 20, 21, 22
BAD_SIGNATURE, KEY_EXPIRED, ID_CONFLICT, NO_SERVICE = 24, 26, 28, 30
UNKNOWN_FIELD, NOT_SIGNED, FOUR_EYES, VERSION_HASH = 2, 19, 31, 85


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


# ---- section 13: key files ----

def read_zpl(path):
    """{"curve/public-key": "..."} of a key file."""
    found, section = {}, ""
    for line in read_text(path).splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            section = line.strip()
            continue
        name, _, value = line.partition("=")
        quote = value.strip()[0]
        value = value.strip()[1:].partition(quote)[0] if quote in "\"'" else value.split(" #")[0]
        found[f"{section}/{name.strip()}"] = value.strip()
    return found


class Keys:
    """Both pairs of an account: made here, or read from a file."""

    def __init__(self, path=None):
        if path:
            zpl = read_zpl(path)
            self.public = zpl["curve/public-key"].encode()
            self.secret = zpl["curve/secret-key"].encode()
            self.sign = nacl.signing.SigningKey(
                zmq.utils.z85.decode(zpl["sign/secret-seed"].encode()))
        else:
            self.public, self.secret = zmq.curve_keypair()
            self.sign = nacl.signing.SigningKey.generate()

    def put_account(self, code, *offices):
        return c.Command(put_account=c.PutAccount(
            code=code, link_key=zmq.utils.z85.decode(self.public),
            sign_key=bytes(self.sign.verify_key),
            offices=[c.Office(role=role, unit=unit) for role, unit in offices]))


# ---- sections 3 to 6: the client ----

def serialise(command):
    if not command.id:
        millis = time.time_ns() // 1000000
        random = bytearray(struct.pack(">Q", millis)[2:] + os.urandom(10))
        random[6] = random[6] & 0x0F | 0x70
        random[8] = random[8] & 0x3F | 0x80
        command.id = bytes(random)
    return command.SerializeToString()


class Client:
    def __init__(self, endpoint, server_public, keys, kind=zmq.DEALER):
        self.keys = keys
        self.kind = kind
        self.socket = zmq.Context.instance().socket(kind)
        self.socket.linger = 0
        self.socket.curve_serverkey = server_public
        self.socket.curve_publickey = keys.public
        self.socket.curve_secretkey = keys.secret
        self.monitor = self.socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
        self.socket.connect(endpoint)

    def close(self):
        self.socket.disable_monitor()
        self.monitor.close(0)
        self.socket.close(0)

    def send(self, service, body):
        frames = [b"MDPC01", service, body]
        self.socket.send_multipart(frames if self.kind == zmq.REQ else [b"", *frames])

    def receive(self, wait_ms=WAIT_MS):
        """(service, body), or None when nothing comes."""
        if not self.socket.poll(wait_ms):
            return None
        frames = self.socket.recv_multipart()
        if self.kind != zmq.REQ:
            assert frames.pop(0) == b"", frames
        magic, service, body = frames
        assert magic == b"MDPC01", magic
        return service, body

    def reply(self):
        answer = self.receive()
        assert answer is not None, "no answer came"
        return s.Reply.FromString(answer[1])

    def request(self, **fields):
        """Sends a Request and gives the Reply to it."""
        request_id = uuid.uuid4().bytes
        self.send(SERVICE, s.Request(protocol=1, request_id=request_id,
                                     **fields).SerializeToString())
        reply = self.reply()
        assert reply.request_id == request_id
        return reply

    def signature(self, command, jurisdiction=JURISDICTION):
        text = b"dondoc-command-v1\n" + jurisdiction.encode() + b"\n" + command
        return self.keys.sign.sign(text).signature

    def do_bytes(self, command, signature=None):
        """The Result of one command's bytes."""
        signature = self.signature(command) if signature is None else signature
        signed = s.SignedCommand(command=command, signature=signature)
        reply = self.request(commands=[signed])
        assert len(reply.results) == 1, reply
        return reply.results[0]

    def do(self, command):
        return self.do_bytes(serialise(command))

    def ask(self, min_seq=0, **question):
        reply = self.request(question=s.Question(min_seq=min_seq, **question))
        assert reply.HasField("answer"), reply
        return reply.answer


# ---- sections 6.3 and 11: the verifier ----

def text(width, value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack({1: ">B", 2: ">H"}[width], len(value)) + value


def version_hash(items):
    """items: (task, kind, c.Indicator)."""
    content = b"dondoc-version-v1\n"
    for task, kind, indicator in sorted(items, key=lambda i: (i[0], i[2].number)):
        due = (datetime.date.fromisoformat(indicator.due) - datetime.date(1970, 1, 1)).days
        content += struct.pack(">HH", task, indicator.number) + text(1, kind)
        content += struct.pack(">iBqB", due, indicator.HasField("target"),
                               indicator.target.mantissa, indicator.target.scale)
        content += text(2, indicator.title) + text(1, indicator.unit_of_measure)
    return hashlib.sha256(content).digest()


class Entry:
    def __init__(self, data):
        self.data, self.at = data, 0
        magic, version, self.kind, self.seq, self.received_ms, self.account, self.through, \
            self.status = self.take(">4sBBQqIIH")
        assert (magic, version) == (b"DDLE", 1)
        self.refusal = ()
        if self.status:
            self.refusal = (*self.take(">H"), *(self.bytes(">B") for _ in range(3)))
        self.signature = self.bytes(">B")
        self.command = self.bytes(">I")
        self.events = []
        for _ in range(self.take(">H")[0]):
            kind = self.take(">B")[0]
            self.events.append((kind, self.bytes(">H")))
        assert self.at == len(data), "bytes behind the events"

    def take(self, form):
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def bytes(self, form):
        size = self.take(form)[0]
        value = self.data[self.at:self.at + size]
        assert len(value) == size, "an entry that ends early"
        self.at += size
        return value


def merkle_root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + merkle_root(leaves[:split])
                          + merkle_root(leaves[split:])).digest()


# ---- the system under test ----

def stage(key, act, by, **more):
    return c.Stage(key=key, act=act, by=by, silence=c.SILENCE_MISSING, **more)


PROGRAMME = c.Programme(
    code="key", version=1, name_vi="Nhiệm vụ trọng tâm", source="QĐ 193/2011/QĐ-UBND",
    source_hash=hashlib.sha256(b"made by hand").digest(),
    kinds=[c.ItemKind(code="own", max_tasks=5, counted=True),
           c.ItemKind(code="common", max_tasks=5)],
    stages=[
        stage("register", c.ACT_HAND_IN, c.ROLE_HEAD, word=c.DEADLINE_WORD_BY, date="register"),
        stage("appraise", c.ACT_DECIDE, c.ROLE_APPRAISER, word=c.DEADLINE_WORD_BY,
              date="appraise", skipped_by_adjustment=True),
        stage("approve", c.ACT_DECIDE, c.ROLE_APPROVER, word=c.DEADLINE_WORD_BY, date="approve",
              first_approver_adjusts=True),
        stage("report", c.ACT_REPORT, c.ROLE_HEAD),
        stage("indicator", c.ACT_OUTCOME, c.ROLE_OFFICER, word=c.DEADLINE_WORD_ON,
              rungs=[c.Rung(days=0)])])

UNITS = [c.Unit(code="ubnd", name="Ủy ban nhân dân tỉnh", head_title="Chủ tịch"),
         *(c.Unit(code=code, name=name, group="so", ordinal=place, parent="ubnd",
                  head_title="Giám đốc")
           for place, (code, name) in enumerate([
               ("so-nv", "Sở Nội vụ"), ("vp-ubnd", "Văn phòng UBND tỉnh"),
               ("so-tc", "Sở Tài chính"), ("so-yt", "Sở Y tế"), ("so-xd", "Sở Xây dựng")], 1))]


def register(unit, task, kind, *indicators):
    return c.Command(register=c.Register(cycle=CYCLE, unit=unit, task=task, kind=kind,
                                         indicators=indicators))


def submit(unit):
    return c.Command(submit=c.Submit(cycle=CYCLE, unit=unit, what=c.SUBMISSION_REGISTRATION,
                                     capacity=c.CAPACITY_HEAD))


def agree(unit, version, content_hash):
    return c.Command(decide=c.Decide(cycle=CYCLE, unit=unit, version=version,
                                     content_hash=content_hash, verdict=c.VERDICT_AGREE))


def open_cycle():
    end = f"{YEAR}-12-31"
    return c.Command(open_cycle=c.OpenCycle(
        programme="key", period=str(YEAR), page=1, last=True, host="ubnd", to=end,
        dates=[c.NamedDate(name=name, day=end) for name in ("register", "appraise", "approve")],
        periods=[c.Period(code="year", to=end, **{"from": f"{YEAR}-01-01"})],
        reports=[c.ReportDue(code="year", word=c.DEADLINE_WORD_BEFORE, day=end)],
        appraisers=["so-nv", "vp-ubnd"], approvers=["chairman"],
        parties=[c.Party(unit=unit.code) for unit in UNITS[1:]], **{"from": f"{YEAR}-01-01"}))


class ForeignClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="dondoc-foreign-")
        cls.data = os.path.join(cls.folder, "data")
        cls.clients = []
        cls.server = None
        try:
            cls.start()
            cls.set_up_cycle()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def start(cls):
        subprocess.run([DONDOC, "init", cls.data, "--jurisdiction", JURISDICTION], check=True,
                       stdout=subprocess.DEVNULL)
        cls.errors = open(os.path.join(cls.folder, "dondocd.log"), "w+", encoding="utf-8")
        cls.server = subprocess.Popen(
            [DONDOCD, "--data", cls.data, "--endpoint", "tcp://127.0.0.1:*"], stderr=cls.errors)
        endpoint_file = os.path.join(cls.data, "endpoint")
        until = time.monotonic() + WAIT_MS / 1000
        while not os.path.exists(endpoint_file):  # it appears whole
            if cls.server.poll() is not None or time.monotonic() > until:
                cls.errors.seek(0)
                raise AssertionError("dondocd does not serve: " + cls.errors.read())
            time.sleep(0.02)
        cls.endpoint = read_text(endpoint_file).strip()
        cls.server_public = read_zpl(
            os.path.join(cls.data, "keys", "server.key.pub"))["curve/public-key"].encode()

    @classmethod
    def connect(cls, keys, kind=zmq.DEALER):
        client = Client(cls.endpoint, cls.server_public, keys, kind)
        cls.clients.append(client)
        return client

    @classmethod
    def accept(cls, client, command):
        result = client.do(command)
        assert not result.HasField("refusal"), result
        return result

    @classmethod
    def set_up_cycle(cls):
        cls.admin = cls.connect(Keys(os.path.join(cls.data, "keys", "admin.key")))
        cls.keys = {name: Keys() for name in ("chairman", "so-nv", "so-tc", "so-yt", "so-xd")}
        for command in (
                c.Command(put_units=c.PutUnits(
                    page=1, last=True, groups=[c.Group(code="so", name="Các sở, ban, ngành")],
                    units=UNITS)),
                c.Command(put_calendar=c.PutCalendar(year=YEAR, offset_min=OFFSET_MIN)),
                cls.keys["chairman"].put_account("chairman", (c.ROLE_APPROVER, "ubnd")),
                cls.keys["so-nv"].put_account("so-nv", (c.ROLE_HEAD, "so-nv"),
                                              (c.ROLE_APPRAISER, "so-nv")),
                *(cls.keys[unit].put_account(unit, (c.ROLE_HEAD, unit))
                  for unit in ("so-tc", "so-yt", "so-xd")),
                c.Command(put_programme=c.PutProgramme(programme=PROGRAMME)),
                open_cycle()):
            cls.accept(cls.admin, command)

    @classmethod
    def tearDownClass(cls):
        for client in cls.clients:
            client.close()
        status = None
        if cls.server:
            cls.server.send_signal(signal.SIGTERM)
            try:
                status = cls.server.wait(WAIT_MS / 1000)
            except subprocess.TimeoutExpired:
                cls.server.kill()
                cls.server.wait()
            cls.errors.close()
        shutil.rmtree(cls.folder, ignore_errors=True)
        assert status in (0, None), f"dondocd ended with status {status}"

    def refused(self, result, status, rule=0):
        self.assertEqual((result.refusal.status, result.refusal.rule), (status, rule), result)

    # ---- what is asked of the page ----

    def test_hello_says_who_the_server_takes_the_asker_for(self):
        hello = self.connect(self.keys["so-nv"]).ask(hello=s.HelloQuestion()).hello
        self.assertEqual((hello.account, hello.jurisdiction), ("so-nv", JURISDICTION))
        self.assertFalse(hello.rehearsal)
        self.assertLessEqual(hello.protocol_min, 1)
        self.assertEqual({office.role for office in hello.offices},
                         {c.ROLE_HEAD, c.ROLE_APPRAISER})

    def test_a_dossier_goes_through_its_cycle_into_the_table(self):
        party = self.connect(self.keys["so-tc"])
        appraiser = self.connect(self.keys["so-nv"])
        chairman = self.connect(self.keys["chairman"])
        day = TODAY.isoformat()
        items = [(1, "own", c.Indicator(number=1, title="Thu ngân sách đạt kế hoạch",
                                        unit_of_measure="tỷ đồng", due=day,
                                        target=c.Figure(mantissa=312550, scale=2))),
                 (1, "own", c.Indicator(number=2, title="Giảm nợ đọng", due=day)),
                 (2, "common", c.Indicator(number=1, title="Cải cách hành chính", due=day))]
        self.accept(party, register("so-tc", 1, "own", items[0][2], items[1][2]))
        self.accept(party, register("so-tc", 2, "common", items[2][2]))
        seq = self.accept(party, submit("so-tc")).seq

        dossier = appraiser.ask(min_seq=seq, dossier=s.DossierQuestion(
            cycle=CYCLE, unit="so-tc", version=1)).dossier
        version = dossier.versions[0]
        self.assertEqual((version.state, version.awaits), ("pending", "appraise"))
        self.assertEqual(version.content_hash, version_hash(items))
        self.assertEqual(version.content_hash, version_hash(
            (item.task, item.kind, item.indicator) for item in dossier.items))

        self.refused(party.do(agree("so-tc", 1, version.content_hash)), FORBIDDEN, FOUR_EYES)
        self.refused(appraiser.do(agree("so-tc", 1, bytes(32))), STALE, VERSION_HASH)
        self.accept(appraiser, agree("so-tc", 1, version.content_hash))
        self.accept(chairman, agree("so-tc", 1, version.content_hash))
        progress = c.Command(progress=c.Progress(cycle=CYCLE, unit="so-tc", task=1, indicator=1,
                                                 outcome=c.OUTCOME_COMPLETED, day=day))
        result = party.do_bytes(serialise(progress), signature=b"")
        self.assertFalse(result.HasField("refusal"), result)

        answer = chairman.ask(min_seq=result.seq, table=s.TableQuestion(cycle=CYCLE, period="year"))
        self.assertGreaterEqual(answer.seq, result.seq)
        row = [row for row in answer.table.rows if row.unit == "so-tc"][0]
        self.assertEqual((row.counts.registered_year, row.counts.registered_period,
                          row.counts.completed, row.counts.not_completed), (2, 2, 1, 1))
        self.assertEqual([total.group for total in answer.table.totals], ["so", ""])
        self.assertEqual(answer.table.totals[-1].units, len(UNITS) - 1)
        duties = chairman.ask(min_seq=result.seq, duties=s.DutiesQuestion(
            cycle=CYCLE, unit="so-tc")).duties.duties
        status = {duty.duty: duty.status for duty in duties}
        self.assertEqual((status["register"], status["indicator/1.1"]), ("on_time", "on_time"))
        self.assertIn(status["indicator/1.2"], ("pending", "missing"))

    def test_the_same_id_has_one_effect_and_other_bytes_conflict(self):
        party = self.connect(self.keys["so-yt"])
        indicator = c.Indicator(number=1, title="Tiêm chủng", due=TODAY.isoformat())
        command = register("so-yt", 1, "own", indicator)
        data = serialise(command)
        first = party.do_bytes(data)
        again = party.do_bytes(data)
        self.assertFalse(first.HasField("refusal") or first.remembered)
        self.assertEqual((again.id, again.seq, again.remembered), (first.id, first.seq, True))
        self.assertFalse(again.HasField("refusal"))
        indicator.title = "Tiêm chủng mở rộng"
        other = register("so-yt", 1, "own", indicator)
        other.id = command.id
        self.refused(party.do(other), ID_CONFLICT)
        dossier = party.ask(min_seq=first.seq, dossier=s.DossierQuestion(cycle=CYCLE, unit="so-yt"))
        self.assertEqual(dossier.dossier.items[0].indicator.title, "Tiêm chủng")

    def test_a_rule_that_refused_is_remembered_too(self):
        party = self.connect(self.keys["so-yt"])
        data = serialise(submit("so-xd"))
        first, again = party.do_bytes(data), party.do_bytes(data)
        self.assertEqual(first.refusal.status, FORBIDDEN)
        self.assertTrue(again.remembered and not first.remembered)
        self.assertEqual((again.seq, again.refusal), (first.seq, first.refusal))

    def test_a_req_socket_works_too(self):
        client = self.connect(self.keys["so-yt"], zmq.REQ)
        for _ in range(2):
            self.assertEqual(client.ask(hello=s.HelloQuestion()).hello.account, "so-yt")
        units = client.ask(units=s.UnitsQuestion()).units.units
        self.assertEqual([unit.code for unit in units], [unit.code for unit in UNITS])

    def test_replies_are_matched_by_request_id(self):
        client = self.connect(self.keys["so-yt"])
        wanted = [bytes([i]) * 8 for i in range(1, 21)]
        for request_id in wanted:
            client.send(SERVICE, s.Request(protocol=1, request_id=request_id, question=s.Question(
                hello=s.HelloQuestion())).SerializeToString())
        replies = [client.reply() for _ in wanted]
        self.assertEqual(sorted(reply.request_id for reply in replies), wanted)
        self.assertTrue(all(reply.credit >= 1 for reply in replies))

    def test_an_unknown_key_gets_nothing(self):
        stranger = self.connect(Keys())
        stranger.send(SERVICE, s.Request(protocol=1, request_id=b"x", question=s.Question(
            hello=s.HelloQuestion())).SerializeToString())
        self.assertTrue(stranger.monitor.poll(WAIT_MS), "the handshake was not refused")
        event = zmq.utils.monitor.recv_monitor_message(stranger.monitor)
        self.assertEqual((event["event"], event["value"]),
                         (zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400))
        self.assertIsNone(stranger.receive(wait_ms=300))

    def test_a_wrong_or_missing_signature_is_not_taken(self):
        party = self.connect(self.keys["so-xd"])
        data = serialise(submit("so-xd"))
        self.refused(party.do_bytes(data, signature=b""), BAD_SIGNATURE, NOT_SIGNED)
        self.refused(party.do_bytes(data, signature=party.signature(data, "elsewhere")),
                     BAD_SIGNATURE)
        bad = bytearray(party.signature(data))
        bad[10] ^= 1
        self.refused(party.do_bytes(data, signature=bytes(bad)), BAD_SIGNATURE)
        # Not taken is not remembered: the same command, well signed, is judged.
        self.assertFalse(party.do_bytes(data).remembered)

    def test_mmi_tells_which_services_are_there(self):
        client = self.connect(self.keys["so-xd"])
        for service, asked, answer in ((b"mmi.service", SERVICE, b"200"),
                                       (b"mmi.service", b"dondoc.elsewhere", b"404"),
                                       (b"mmi.filter", b"x", b"501")):
            client.send(service, asked)
            self.assertEqual(client.receive(), (service, answer))

    def test_what_is_not_of_the_protocol_gets_a_clear_answer(self):
        client = self.connect(self.keys["so-xd"])
        hello = s.Question(hello=s.HelloQuestion())
        client.socket.send_multipart([b"", b"MDPC01", SERVICE])
        self.assertEqual(client.reply().refusal.status, BAD_ENVELOPE)
        client.send(SERVICE, s.Request(protocol=2, request_id=b"v",
                                       question=hello).SerializeToString())
        refusal = client.reply().refusal
        self.assertEqual((refusal.status, list(refusal.params)), (VERSION, ["1", "1"]))
        client.send(b"dondoc.elsewhere", s.Request(protocol=1, request_id=b"n",
                                                   question=hello).SerializeToString())
        self.assertEqual(client.reply().refusal.status, NO_SERVICE)
        field_1000 = b"\xc0\x3e\x01"
        self.refused(client.do_bytes(serialise(submit("so-xd")) + field_1000), INVALID,
                     UNKNOWN_FIELD)
        client.send(SERVICE, b"\xff\xff\xff")
        self.assertEqual(client.reply().refusal.status, INVALID)

    def test_a_revoked_key_is_told_so_on_its_open_link(self):
        keys = Keys()
        seq = self.accept(self.admin, keys.put_account("so-yt.van-thu",
                                                       (c.ROLE_OFFICER, "so-yt"))).seq
        client = self.connect(keys)
        hello = client.ask(min_seq=seq, hello=s.HelloQuestion()).hello
        self.assertEqual(hello.account, "so-yt.van-thu")
        self.accept(self.admin, c.Command(revoke=c.Revoke(account="so-yt.van-thu",
                                                          reason="Mất khóa")))
        reply = client.request(question=s.Question(hello=s.HelloQuestion()))
        self.assertEqual(reply.refusal.status, KEY_EXPIRED)

    def test_the_log_can_be_checked_from_the_page_alone(self):
        digest = self.admin.ask(digest=s.DigestQuestion())
        entries, at = [], 0
        while at <= digest.seq:
            log = self.admin.ask(log=s.LogQuestion(from_seq=at, limit=7)).log
            self.assertGreater(log.next_seq, at)
            entries += [line.entry for line in log.entries]
            at = log.next_seq
        entries = entries[:digest.seq + 1]
        self.assertEqual(merkle_root(entries), digest.digest.root)

        sign_keys, last_ms, ids = {}, 0, set()
        for seq, data in enumerate(entries):
            entry = Entry(data)
            command = c.Command.FromString(entry.command)
            self.assertEqual((entry.seq, entry.kind == 0), (seq, seq == 0))
            self.assertGreaterEqual(entry.received_ms, last_ms)
            last_ms = entry.received_ms
            self.assertFalse(entry.status and entry.events)
            if entry.kind == 1:
                self.assertNotIn((entry.account, command.id), ids)
                ids.add((entry.account, command.id))
            if entry.signature:
                nacl.signing.VerifyKey(sign_keys[entry.account]).verify(
                    b"dondoc-command-v1\n" + JURISDICTION.encode() + b"\n" + entry.command,
                    entry.signature)
            else:
                self.assertIn(command.WhichOneof("body"),
                              ("genesis", "tick", "progress", "reminded"))
            for number, account in enumerate(command.genesis.accounts, 1):
                sign_keys[number] = account.sign_key
            for kind, fields in entry.events:
                if kind == 4:
                    sign_keys[struct.unpack(">I", fields)[0]] = command.put_account.sign_key

    def test_the_verifier_finds_a_forged_entry(self):
        log = self.admin.ask(log=s.LogQuestion(from_seq=0, limit=3)).log
        entries = [line.entry for line in log.entries]
        forged = bytearray(entries[1])
        forged[-20] ^= 1
        self.assertNotEqual(merkle_root([entries[0], bytes(forged), entries[2]]),
                            merkle_root(entries))
        entry = Entry(entries[1])
        with self.assertRaises(nacl.exceptions.BadSignatureError):
            self.admin.keys.sign.verify_key.verify(
                b"dondoc-command-v1\nelsewhere\n" + entry.command, entry.signature)


if __name__ == "__main__":
    unittest.main(verbosity=2)
