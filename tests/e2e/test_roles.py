"""The three roles as processes of their own, over ipc and over tcp, with CURVE between them: each may be
killed and comes back, none can be replaced by somebody without its key, and one data folder is served
once. Runs the real programs on loopback only."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import zmq

DONDOC = os.environ["DONDOC"]
DONDOCD = os.environ["DONDOCD"]
PATIENCE_S = 40


def run(*arguments, timeout=PATIENCE_S):
    return subprocess.run([DONDOC, *map(str, arguments)], capture_output=True, text=True,
                          timeout=timeout, check=False)


def zpl_key(path, section, name):
    """One value of a key file: `section`, then an indented `name = "value"`."""
    inside = False
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith((" ", "\t", "#")):
                inside = line.strip() == section
            elif inside and line.split("=")[0].strip() == name:
                return line.split("=", 1)[1].strip().strip('"')
    raise AssertionError(f"{path}: no {section}/{name}")


class Roles(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="dondoc-roles-")
        self.data = os.path.join(self.folder, "data")
        self.processes = {}
        made = run("init", self.data, "--jurisdiction", "roles", "--endpoint",
                   "tcp://127.0.0.1:*")
        self.assertEqual(made.returncode, 0, made.stderr)

    def tearDown(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(timeout=PATIENCE_S)
        shutil.rmtree(self.folder)

    def start(self, role, *flags):
        """Starts the role and waits until it says that it serves: from then on it ends in order."""
        path = os.path.join(self.folder, role + ".log")
        said = self.log(role).count("msg=serving") if os.path.exists(path) else 0
        with open(path, "ab") as log:
            self.processes[role] = subprocess.Popen(
                [DONDOCD, "--data", self.data, "--role", role, "--workers", self.workers, *flags],
                stderr=log)
        end = time.monotonic() + PATIENCE_S
        while self.log(role).count("msg=serving") == said:
            self.assertIsNone(self.processes[role].poll(), self.log(role))
            self.assertLess(time.monotonic(), end, self.log(role))
            time.sleep(0.02)

    def start_all(self):
        self.start("broker")
        self.endpoint = self.wait_endpoint()
        self.start("registrar")
        self.start("notifier", "--endpoint", self.endpoint)

    def wait_endpoint(self):
        path = os.path.join(self.data, "endpoint")
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if os.path.exists(path):
                with open(path, encoding="utf-8") as lines:
                    return lines.readline().strip()
            self.assertIsNone(self.processes["broker"].poll(), self.log("broker"))
            time.sleep(0.02)
        self.fail("the broker wrote no endpoint")

    def log(self, role):
        with open(os.path.join(self.folder, role + ".log"), encoding="utf-8") as lines:
            return lines.read()

    def hello(self, timeout=30):
        return run("hello", "--data", self.data, "--timeout", timeout)

    def assert_served(self):
        answered = self.hello()
        self.assertEqual(answered.returncode, 0, answered.stderr + self.log("broker"))

    def kill(self, role):
        self.processes[role].kill()
        self.processes[role].wait(timeout=PATIENCE_S)

    def end(self, role):
        self.processes[role].terminate()
        self.assertEqual(self.processes[role].wait(timeout=PATIENCE_S), 0, self.log(role))

    def lives_through_kills(self):
        self.start_all()
        self.assert_served()
        self.kill("registrar")
        without = self.hello(timeout=2)
        self.assertEqual(without.returncode, 3, without.stdout + without.stderr)
        self.start("registrar")
        self.assert_served()
        self.kill("broker")
        self.start("broker", "--endpoint", self.endpoint)
        self.assert_served()
        self.kill("notifier")
        self.assert_served()
        self.start("notifier", "--endpoint", self.endpoint)
        for role in ("notifier", "broker", "registrar"):
            self.end(role)

    def test_roles_over_ipc_live_through_the_kill_of_each(self):
        self.workers = "ipc://" + os.path.join(self.folder, "workers.sock")
        self.lives_through_kills()

    def test_roles_over_tcp_live_through_the_kill_of_each(self):
        probe = zmq.Context.instance().socket(zmq.ROUTER)
        port = probe.bind_to_random_port("tcp://127.0.0.1")
        probe.close(0)
        self.workers = f"tcp://127.0.0.1:{port}"
        self.lives_through_kills()

    def test_a_stopped_notifier_keeps_nobody_waiting(self):
        self.workers = "ipc://" + os.path.join(self.folder, "workers.sock")
        self.start_all()
        self.assert_served()
        self.processes["notifier"].send_signal(signal.SIGSTOP)
        self.assert_served()
        self.processes["notifier"].send_signal(signal.SIGCONT)

    def test_nobody_is_the_registrar_without_its_key(self):
        self.workers = "ipc://" + os.path.join(self.folder, "workers.sock")
        self.start("broker")
        self.wait_endpoint()
        keys = os.path.join(self.data, "keys")
        context = zmq.Context()
        poser = context.socket(zmq.DEALER)
        poser.linger = 0
        poser.curve_serverkey = zpl_key(os.path.join(keys, "server.key.pub"), "curve",
                                        "public-key").encode()
        poser.curve_publickey = zpl_key(os.path.join(keys, "admin.key"), "curve",
                                        "public-key").encode()
        poser.curve_secretkey = zpl_key(os.path.join(keys, "admin.key"), "curve",
                                        "secret-key").encode()
        poser.connect(self.workers)
        poser.send_multipart([b"DDW01", b"\x01" + bytes(40), b""])
        self.assertEqual(poser.poll(1500), 0, "a client's key was answered on the workers' socket")
        context.destroy(0)
        self.start("registrar")
        self.assert_served()

    def test_a_folder_is_served_once(self):
        self.workers = "ipc://" + os.path.join(self.folder, "workers.sock")
        self.start_all()
        self.assert_served()
        again = subprocess.run(
            [DONDOCD, "--data", self.data, "--role", "registrar", "--workers", self.workers],
            capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("another process serves this folder", again.stderr)
        self.assert_served()

    def test_inproc_between_processes_is_wrong_usage(self):
        refused = subprocess.run([DONDOCD, "--data", self.data, "--role", "broker"],
                                 capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--workers", refused.stderr)


if __name__ == "__main__":
    unittest.main()
