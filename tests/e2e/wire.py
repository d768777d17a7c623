"""What the tests that speak to a running dondocd from outside share: keys, a client of docs/protocol.md
on pyzmq, a server of one's own in a temporary folder, a TCP proxy that loses replies, and a small
province to work on. It holds no expectation: what is right is said by the tests.

Environment: DONDOC, DONDOCD (the programs), PROTO_PY_DIR (proto/ compiled by protoc --python_out)."""
import hashlib
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid

import nacl.signing
import zmq
import zmq.utils.monitor
import zmq.utils.z85

sys.path.insert(0, os.environ.get("PROTO_PY_DIR", "build/proto_py"))
from dondoc.v1 import command_pb2 as c  # noqa: E402
from dondoc.v1 import service_pb2 as s  # noqa: E402

DONDOC = os.environ.get("DONDOC", "build/dondoc")
DONDOCD = os.environ.get("DONDOCD", "build/dondocd")
WAIT_S = 15


def until(condition, what, wait_s=WAIT_S):
    """The first true value of condition(); fails after wait_s seconds."""
    end = time.monotonic() + wait_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {wait_s} s")
        time.sleep(0.01)


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


# ---- keys, docs/protocol.md section 13 ----

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
        found[f"{section}/{name.strip()}"] = value.strip().strip("\"'")
    return found


class Keys:
    """Both pairs of an account: made here, or read from a file."""

    def __init__(self, path=None):
        if path:
            zpl = read_zpl(path)
            self.public = zpl["curve/public-key"].encode()
            self.secret = zpl["curve/secret-key"].encode()
            seed = zmq.utils.z85.decode(zpl["sign/secret-seed"].encode())
            self.sign = nacl.signing.SigningKey(seed)
        else:
            self.public, self.secret = zmq.curve_keypair()
            self.sign = nacl.signing.SigningKey.generate()

    def put_account(self, code, offices, **more):
        """The PutAccount of these keys; offices: (role, unit) each."""
        return c.Command(put_account=c.PutAccount(
            code=code, link_key=zmq.utils.z85.decode(self.public),
            sign_key=bytes(self.sign.verify_key),
            offices=[c.Office(role=role, unit=unit) for role, unit in offices], **more))


# ---- bytes ----

def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def field(number, content):
    """A protobuf field of bytes, or of a varint."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def serialise(command):
    """The bytes of a Command, which gets an id (UUIDv7) if it has none."""
    if not command.id:
        random = bytearray(struct.pack(">Q", time.time_ns() // 1000000)[2:] + os.urandom(10))
        random[6] = random[6] & 0x0F | 0x70
        random[8] = random[8] & 0x3F | 0x80
        command.id = bytes(random)
    return command.SerializeToString()


# ---- the client ----

class Client:
    def __init__(self, endpoint, server_public, keys, jurisdiction):
        self.keys = keys
        self.jurisdiction = jurisdiction.encode()
        self.service = b"dondoc." + self.jurisdiction
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.curve_serverkey = server_public
        self.socket.curve_publickey = keys.public
        self.socket.curve_secretkey = keys.secret
        self.monitor = self.socket.get_monitor_socket(
            zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_DISCONNECTED)
        self.socket.connect(endpoint)

    def close(self):
        if not self.socket.closed:
            self.socket.disable_monitor()
            self.monitor.close(0)
            self.socket.close(0)

    def event(self, wait_s=WAIT_S):
        """(event, value) of the link, or None when nothing happens."""
        if not self.monitor.poll(wait_s * 1000):
            return None
        event = zmq.utils.monitor.recv_monitor_message(self.monitor)
        return event["event"], event["value"]

    def send_frames(self, *frames):
        self.socket.send_multipart(frames)

    def send(self, body):
        self.send_frames(b"", b"MDPC01", self.service, body)

    def reply(self, wait_s=WAIT_S):
        """The next Reply; None when none comes."""
        if not self.socket.poll(wait_s * 1000):
            return None
        empty, magic, _, body = self.socket.recv_multipart()
        assert (empty, magic) == (b"", b"MDPC01")
        return s.Reply.FromString(body)

    def exchange(self, body):
        """The Reply to a body that is sent as it is."""
        self.send(body)
        reply = self.reply()
        assert reply is not None, "no answer came"
        return reply

    def request_bytes(self, **fields):
        return s.Request(protocol=1, request_id=uuid.uuid4().bytes, **fields).SerializeToString()

    def request(self, **fields):
        return self.exchange(self.request_bytes(**fields))

    def sign(self, command):
        return self.keys.sign.sign(
            b"dondoc-command-v1\n" + self.jurisdiction + b"\n" + command).signature

    def signed(self, command, signature=None):
        signature = self.sign(command) if signature is None else signature
        return s.SignedCommand(command=command, signature=signature)

    def do_all(self, commands):
        """The Results of many commands' bytes, sent in one request."""
        signed = [self.signed(command) for command in commands]
        reply = self.request(commands=signed)
        assert len(reply.results) == len(signed), reply
        return list(reply.results)

    def do_bytes(self, command, signature=None):
        reply = self.request(commands=[self.signed(command, signature)])
        assert len(reply.results) == 1, reply
        return reply.results[0]

    def do(self, command):
        return self.do_bytes(serialise(command))

    def accept(self, command):
        result = self.do(command)
        assert not result.HasField("refusal"), result
        return result

    def ask(self, min_seq=0, **question):
        reply = self.request(question=s.Question(min_seq=min_seq, **question))
        assert reply.HasField("answer"), reply
        return reply.answer


# ---- entries, section 11 ----

class Entry:
    """The head of an entry as it lies in the log, and its command."""
    HEAD = struct.Struct(">4sBBQqIIH")

    def __init__(self, data):
        (_, _, self.kind, self.seq, self.received_ms, self.account, _,
         self.status) = self.HEAD.unpack_from(data)
        at = self.HEAD.size
        if self.status:
            at += 2
            for _ in range(3):
                at += 1 + data[at]
        at += 1 + data[at]
        size = struct.unpack_from(">I", data, at)[0]
        self.command = c.Command.FromString(data[at + 4:at + 4 + size])


# ---- the server ----

class Server:
    """A dondocd with a data folder of its own, on a free port of loopback."""

    def __init__(self, jurisdiction, clock=None):
        self.jurisdiction = jurisdiction
        self.clock = clock
        self.folder = tempfile.mkdtemp(prefix="dondoc-e2e-")
        self.data = os.path.join(self.folder, "data")
        self.endpoint = "tcp://127.0.0.1:*"
        self.processes = {}
        self.clients = []
        rehearsal = ["--rehearsal", "--clock", clock] if clock else []
        self.run("init", self.data, "--jurisdiction", jurisdiction, *rehearsal)
        self.public = read_zpl(os.path.join(
            self.data, "keys", "server.key.pub"))["curve/public-key"].encode()

    def run(self, *arguments):
        """The output of a command of dondoc that must succeed."""
        done = subprocess.run([DONDOC, *arguments], capture_output=True, text=True,
                              timeout=WAIT_S, check=False)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, role="all"):
        """Starts what is one process (all), or one role of it: the broker, or the registrar."""
        endpoint_file = os.path.join(self.data, "endpoint")
        flags = ["--endpoint", self.endpoint]
        if self.clock and role != "registrar":
            flags += ["--clock", "rehearsal:" + self.clock]
        if role != "all":
            flags += ["--role", role, "--workers", "ipc://" + self.path("workers.sock")]
        if role != "registrar" and os.path.exists(endpoint_file):
            os.remove(endpoint_file)
        with open(self.path("log"), "ab") as errors:
            process = subprocess.Popen([DONDOCD, "--data", self.data, *flags],
                                       stdin=subprocess.DEVNULL, stderr=errors)
        self.processes[role] = process

        def serves():
            assert process.poll() is None, "dondocd does not serve: " + self.log()
            return os.path.exists(endpoint_file)
        until(serves, "dondocd serves")
        self.endpoint = read_text(endpoint_file).strip()

    def stop(self):
        """Ends all that runs, in order."""
        while self.processes:
            role = next(reversed(self.processes))
            self.processes[role].send_signal(signal.SIGTERM)
            status = self.processes[role].wait(WAIT_S)
            del self.processes[role]
            assert status == 0, f"dondocd ended with status {status}: {self.log()}"

    def kill(self, role="all"):
        self.processes[role].kill()
        self.processes.pop(role).wait(WAIT_S)

    def close(self):
        """Whatever happened before: nothing of it is left, and what went wrong is told."""
        for client in self.clients:
            client.close()
        try:
            for process in self.processes.values():
                assert process.poll() is None, "dondocd is gone: " + self.log()
            self.stop()
        finally:
            for role in list(self.processes):
                self.kill(role)
            shutil.rmtree(self.folder, ignore_errors=True)

    def log(self):
        return read_text(self.path("log"))

    def security_lines(self):
        return [line for line in self.log().splitlines() if "level=security" in line]

    def connect(self, keys, endpoint=None):
        client = Client(endpoint or self.endpoint, self.public, keys, self.jurisdiction)
        self.clients.append(client)
        return client

    def admin_keys(self):
        return Keys(os.path.join(self.data, "keys", "admin.key"))

    def entries(self, client, from_seq=0):
        """[(code of the account, Entry)] from a seq on."""
        found, at, tail = [], from_seq, from_seq
        while at <= tail:
            log = client.ask(min_seq=from_seq, log=s.LogQuestion(from_seq=at)).log
            found += [(line.account, Entry(line.entry)) for line in log.entries]
            assert log.next_seq > at or log.tail_seq < at, log
            at, tail = log.next_seq, log.tail_seq
        return found


class Proxy:
    """A TCP proxy before an endpoint. While it `holds`, what the server says does not reach the client;
    `cut` ends its connections, with what was held."""

    def __init__(self, endpoint):
        host, port = endpoint.removeprefix("tcp://").rsplit(":", 1)
        self.target = (host, int(port))
        self.holds = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = "tcp://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.pairs = {}  # each side of a connection: its other side
        self.servers = set()
        self.held_bytes = 0
        self.orders, self.order = socket.socketpair()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def tell(self, order):
        self.order.send(order)
        if order == b"q":
            self.thread.join(WAIT_S)

    def cut(self):
        self.tell(b"c")

    def close(self):
        self.tell(b"q")
        self.order.close()

    def serve(self):
        while True:
            ready, _, _ = select.select([self.orders, self.listener, *self.pairs], [], [], WAIT_S)
            for side in ready:
                if side is self.orders:
                    order = side.recv(1)
                    self.drop_all()
                    if order != b"c":
                        self.listener.close()
                        self.orders.close()
                        return
                    break
                if side is self.listener:
                    self.take()
                elif side in self.pairs:
                    self.pass_on(side)

    def take(self):
        client, _ = self.listener.accept()
        try:
            server = socket.create_connection(self.target, WAIT_S)
        except OSError:
            client.close()
            return
        self.pairs[client], self.pairs[server] = server, client
        self.servers.add(server)

    def pass_on(self, side):
        try:
            data = side.recv(65536)
            if data and side in self.servers and self.holds.is_set():
                self.held_bytes += len(data)
            elif data:
                self.pairs[side].sendall(data)
        except OSError:
            data = b""
        if not data:
            self.drop(side)

    def drop(self, side):
        for end in (side, self.pairs[side]):
            del self.pairs[end]
            self.servers.discard(end)
            end.close()

    def drop_all(self):
        while self.pairs:
            self.drop(next(iter(self.pairs)))


# ---- a small province ----

YEAR = 2013
CLOCK = "2013-01-11T08:00+07:00"
CYCLE = f"key/{YEAR}"
ACCOUNTS = {
    "chairman": [(c.ROLE_APPROVER, "ubnd")],
    "vice-chairman": [(c.ROLE_APPROVER, "ubnd"), (c.ROLE_HEAD, "so-yt")],
    "so-nv": [(c.ROLE_HEAD, "so-nv"), (c.ROLE_APPRAISER, "so-nv")],
    "vp-ubnd": [(c.ROLE_HEAD, "vp-ubnd"), (c.ROLE_APPRAISER, "vp-ubnd")],
    "so-tc": [(c.ROLE_HEAD, "so-tc")],
    "so-yt": [(c.ROLE_HEAD, "so-yt")],
    "so-xd": [(c.ROLE_HEAD, "so-xd")],
    "so-xd.van-thu": [(c.ROLE_OFFICER, "so-xd")],
}
UNITS = [c.Unit(code="ubnd", name="Ủy ban nhân dân tỉnh", head_title="Chủ tịch"),
         *(c.Unit(code=code, name=name, group="so", ordinal=place, parent="ubnd",
                  head_title="Giám đốc")
           for place, (code, name) in enumerate([
               ("so-nv", "Sở Nội vụ"), ("vp-ubnd", "Văn phòng UBND tỉnh"),
               ("so-tc", "Sở Tài chính"), ("so-yt", "Sở Y tế"), ("so-xd", "Sở Xây dựng")], 1))]


def stage(key, act, by, **more):
    return c.Stage(key=key, act=act, by=by, silence=c.SILENCE_MISSING, **more)


def programme():
    """Hand in, appraise, approve, report, outcomes; no reminders, which would be entries."""
    return c.Programme(
        code="key", version=1, name_vi="Nhiệm vụ trọng tâm", source="QĐ 193/2011/QĐ-UBND",
        source_hash=hashlib.sha256(b"made by hand").digest(),
        kinds=[c.ItemKind(code="own", max_tasks=5, counted=True),
               c.ItemKind(code="common", max_tasks=5)],
        stages=[
            stage("register", c.ACT_HAND_IN, c.ROLE_HEAD, word=c.DEADLINE_WORD_BY,
                  date="register"),
            stage("appraise", c.ACT_DECIDE, c.ROLE_APPRAISER, word=c.DEADLINE_WORD_BY,
                  date="appraise", skipped_by_adjustment=True),
            stage("approve", c.ACT_DECIDE, c.ROLE_APPROVER, word=c.DEADLINE_WORD_BY,
                  date="approve", first_approver_adjusts=True),
            stage("report", c.ACT_REPORT, c.ROLE_HEAD),
            stage("indicator", c.ACT_OUTCOME, c.ROLE_OFFICER, word=c.DEADLINE_WORD_ON)])


def open_cycle():
    end = f"{YEAR}-12-31"
    approvers = {"so-yt": "vice-chairman"}
    return c.Command(open_cycle=c.OpenCycle(
        programme="key", period=str(YEAR), page=1, last=True, host="ubnd", to=end,
        dates=[c.NamedDate(name=name, day=end) for name in ("register", "appraise", "approve")],
        periods=[c.Period(code="year", to=end, **{"from": f"{YEAR}-01-01"})],
        reports=[c.ReportDue(code="year", word=c.DEADLINE_WORD_BEFORE, day=end)],
        appraisers=["so-nv", "vp-ubnd"], approvers=["chairman", "vice-chairman"],
        parties=[c.Party(unit=unit.code, approver=approvers.get(unit.code, ""))
                 for unit in UNITS[1:]], **{"from": f"{YEAR}-01-01"}))


def indicator(number=1, title="Giảm nợ đọng", due=f"{YEAR}-06-25", **more):
    return c.Indicator(number=number, title=title, due=due, **more)


def register(unit, *indicators, task=1, kind="own", cycle=CYCLE):
    return c.Command(register=c.Register(cycle=cycle, unit=unit, task=task, kind=kind,
                                         indicators=indicators or [indicator()]))


def submit(unit, **more):
    more.setdefault("what", c.SUBMISSION_REGISTRATION)
    more.setdefault("capacity", c.CAPACITY_HEAD)
    return c.Command(submit=c.Submit(cycle=CYCLE, unit=unit, **more))


def withdraw(unit, version):
    return c.Command(withdraw=c.Withdraw(cycle=CYCLE, unit=unit, version=version))


def agree(unit, version, content_hash=bytes(32)):
    return c.Command(decide=c.Decide(cycle=CYCLE, unit=unit, version=version,
                                     content_hash=content_hash, verdict=c.VERDICT_AGREE))


def progress(unit, task=1, number=1, outcome=c.OUTCOME_COMPLETED, day=f"{YEAR}-01-11", **more):
    return c.Command(progress=c.Progress(cycle=CYCLE, unit=unit, task=task, indicator=number,
                                         outcome=outcome, day=day, **more))


class Province(Server):
    """A server with units, accounts, a programme and an open cycle, on a clock that stands still: no
    entry comes of itself."""

    def __init__(self, roles=("all",)):
        super().__init__("bacgiang", CLOCK)
        self.keys = {code: Keys() for code in ACCOUNTS}
        try:
            for role in roles:
                self.start(role)
            self.found()
        except BaseException:
            self.close()
            raise

    def found(self):
        self.admin = self.connect(self.admin_keys())
        until(lambda: self.admin.request(question=s.Question(
            hello=s.HelloQuestion())).refusal.key != "unavailable", "the registrar is there")
        for command in (
                c.Command(put_units=c.PutUnits(
                    page=1, last=True, units=UNITS,
                    groups=[c.Group(code="so", name="Các sở, ban, ngành")])),
                c.Command(put_calendar=c.PutCalendar(year=YEAR, offset_min=7 * 60)),
                *(self.keys[code].put_account(code, offices)
                  for code, offices in ACCOUNTS.items()),
                c.Command(put_programme=c.PutProgramme(programme=programme())),
                open_cycle()):
            self.admin.accept(command)
        self.mark()

    def link(self, code):
        """A client with the keys of an account."""
        return self.connect(self.keys[code])

    def mark(self):
        """(seq, root, digest): changes with any entry and with any row of the state."""
        answer = self.admin.ask(digest=s.DigestQuestion())
        return answer.seq, answer.digest.root.hex(), answer.digest.digest.hex()

    def dossier(self, unit, version=0):
        return self.admin.ask(min_seq=self.mark()[0], dossier=s.DossierQuestion(
            cycle=CYCLE, unit=unit, version=version)).dossier

    def approve(self, unit, version, approver="chairman"):
        """Takes a version that was handed in through appraisal and approval."""
        content_hash = self.dossier(unit, version).versions[-1].content_hash
        self.link("so-nv").accept(agree(unit, version, content_hash))
        self.link(approver).accept(agree(unit, version, content_hash))
