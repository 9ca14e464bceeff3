"""Calls one method of the client and prints its outcome as a line of JSON, as an application that the tests drive."""

import json
import os
import signal
import subprocess
import sys
import time

from darkroom import Darkroom, DarkroomError, _api, _record


def say(text):
    print(text, flush=True)


def watch(call):
    """Returns `on_progress` for a call that stops, or writes to its own file, when so many bytes are sent."""
    reached = set()

    def on_progress(sent, _total):
        append = call.get("append")
        if append and sent >= append["at"] and "append" not in reached:
            reached.add("append")
            with open(append["path"], "ab") as file:
                file.write(b"more")
        if "stopAt" in call and sent >= call["stopAt"] and "stop" not in reached:
            reached.add("stop")
            say("stopped")
            time.sleep(3600)

    return on_progress


def tell_of_waiting():
    try_lock = _record._try_lock

    def told(file):
        is_locked = try_lock(file)
        if not is_locked:
            say("waits")
        return is_locked

    _record._try_lock = told


def die_after(request):
    """Ends the process as kill -9 does, when the answer to a request is there and nothing was done with it."""
    send = _api.Api.send

    def deadly(self, method, path, *args, **options):
        answer = send(self, method, path, *args, **options)
        if f"{method} {path}" == request:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    _api.Api.send = deadly


def given(argument):
    """Turns `{"bytes": path}` or `{"stream": path}` into what an application would pass, and leaves all else."""
    if not isinstance(argument, dict) or len(argument) != 1:
        return argument
    ((kind, path),) = argument.items()
    if kind == "bytes":
        with open(path, "rb") as file:
            return file.read()
    if kind == "file":
        return open(path, "rb")
    return subprocess.Popen(["cat", path], stdout=subprocess.PIPE).stdout


def run(call):
    if "dieAfter" in call:
        die_after(call["dieAfter"])
    client = Darkroom(os.environ["DARKROOM_URL"], os.environ["DARKROOM_KEY"], **call.get("client", {}))
    options = dict(call.get("options", {}))
    if call["method"] == "upload":
        options["on_progress"] = watch(call)
    target = client
    for name in call["method"].split("."):
        target = getattr(target, name)
    result = target(*map(given, call.get("args", [])), **options)
    return list(result) if hasattr(result, "__next__") else result


tell_of_waiting()
try:
    say(json.dumps({"result": run(json.loads(sys.argv[1])), "error": None}))
except DarkroomError as error:
    fault = {
        "type": type(error).__name__,
        "code": error.code,
        "detail": error.detail,
        "advice": error.advice,
        "retryable": error.retryable,
        "requestId": getattr(error, "request_id", None),
    }
    say(json.dumps({"result": None, "error": fault}))
