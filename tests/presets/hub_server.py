"""A small server that speaks the hub's protocol as huggingface_hub asks for it: models only."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Commit = dict[str, bytes]  # a file's name: its content


class Hub:
    """Repositories in memory, each with branches and commits; `requests` are those that came."""

    def __init__(self) -> None:
        self.commits: dict[str, dict[str, Commit]] = {}  # repository: commit: files
        self.branches: dict[str, dict[str, str]] = {}  # repository: branch: commit
        self.requests: list[str] = []
        self.sent: dict[str, bytes] = {}  # large files by their SHA-256, before their commit
        self.token = ""  # asked for where it is set
        hub = self

        class Handler(_Handler):
            def reply(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
                return hub.reply(self.command, self.path, dict(self.headers), body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Hub:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    def commit(self, repository: str, files: Commit, branch: str = "main") -> str:
        """Make a commit of these files; return its name."""
        content = json.dumps({name: hashlib.sha1(body).hexdigest() for name, body in files.items()})
        commit = hashlib.sha1(content.encode()).hexdigest()
        self.commits.setdefault(repository, {})[commit] = dict(files)
        self.branches.setdefault(repository, {})[branch] = commit
        return commit

    def reply(
        self, verb: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer one request: status, headers and body."""
        path = path.partition("?")[0]
        self.requests.append(f"{verb} {path}")
        if self.token and headers.get("authorization") != f"Bearer {self.token}":
            return 401, {}, b""
        for pattern, answer in _ROUTES.items():
            match = re.fullmatch(pattern, f"{verb} {path}")
            if match is not None:
                return answer(self, body, *match.groups())
        return 404, {}, b""

    def _found(self, repository: str, revision: str | None) -> str | None:
        revision = (revision or "main").replace("%2F", "/")
        named = self.branches.get(repository, {}).get(revision, revision)
        return named if named in self.commits.get(repository, {}) else None

    def _info(self, _: bytes, repository: str, revision: str | None) -> Any:
        if repository not in self.branches:
            return 404, {"X-Error-Code": "RepoNotFound"}, b""
        commit = self._found(repository, revision)
        if commit is None and self.commits.get(repository):
            return 404, {"X-Error-Code": "RevisionNotFound"}, b""
        files = self.commits.get(repository, {}).get(commit or "", {})
        siblings = [{"rfilename": name, "size": len(content)} for name, content in files.items()]
        return _json({"id": repository, "sha": commit, "siblings": siblings})

    def _file(self, _: bytes, repository: str, revision: str, name: str) -> Any:
        commit = self._found(repository, revision)
        content = self.commits.get(repository, {}).get(commit or "", {}).get(name)
        if commit is None or content is None:
            return 404, {"X-Error-Code": "EntryNotFound"}, b""
        tag = hashlib.sha1(content).hexdigest()
        return 200, {"ETag": f'"{tag}"', "X-Repo-Commit": commit}, content

    def _create(self, body: bytes) -> Any:
        asked = json.loads(body)
        repository = f"{asked['organization']}/{asked['name']}"
        answer = _json({"url": f"{self.url}/{repository}", "id": repository})
        if repository in self.branches:
            return 409, *answer[1:]
        self.branches[repository] = {}
        return answer

    def _branch(self, _: bytes, repository: str, branch: str) -> Any:
        if branch in self.branches[repository]:
            return 409, {}, b"{}"
        self.branches[repository][branch] = self.branches[repository]["main"]
        return 200, {}, b""

    def _preupload(self, body: bytes, repository: str, revision: str) -> Any:
        def mode(name: str) -> str:
            return "lfs" if name.endswith((".h5", ".npz", ".png")) else "regular"

        files = [
            {"path": f["path"], "uploadMode": mode(f["path"]), "shouldIgnore": False}
            for f in json.loads(body)["files"]
        ]
        return _json({"files": files})

    def _batch(self, body: bytes, repository: str) -> Any:
        objects = [
            {**asked, "actions": {"upload": {"href": f"{self.url}/lfs/{asked['oid']}"}}}
            for asked in json.loads(body)["objects"]
        ]
        return _json({"transfer": "basic", "objects": objects})

    def _put(self, body: bytes, oid: str) -> Any:
        assert hashlib.sha256(body).hexdigest() == oid
        self.sent[oid] = body
        return 200, {}, b""

    def _commit(self, body: bytes, repository: str, revision: str) -> Any:
        before = self._found(repository, revision)
        files = dict(self.commits.get(repository, {}).get(before or "", {}))
        for line in body.decode().splitlines():
            item = json.loads(line)
            value = item["value"]
            if item["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif item["key"] == "lfsFile":
                files[value["path"]] = self.sent[value["oid"]]
        commit = self.commit(repository, files, revision)
        where = f"{self.url}/{repository}/commit/{commit}"
        return _json({"success": True, "commitOid": commit, "commitUrl": where})


def _json(content: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(content).encode()


_REPOSITORY = r"([\w.-]+/[\w.-]+)"
_ROUTES: dict[str, Any] = {
    rf"GET /api/models/{_REPOSITORY}(?:/revision/([^/]+))?": Hub._info,
    rf"(?:GET|HEAD) /{_REPOSITORY}/resolve/([^/]+)/(.+)": Hub._file,
    r"POST /api/repos/create": Hub._create,
    rf"POST /api/models/{_REPOSITORY}/branch/([^/]+)": Hub._branch,
    r"POST /api/validate-yaml": lambda hub, body: _json({"errors": [], "warnings": []}),
    rf"POST /api/models/{_REPOSITORY}/preupload/([^/]+)": Hub._preupload,
    rf"POST /{_REPOSITORY}\.git/info/lfs/objects/batch": Hub._batch,
    r"PUT /lfs/([0-9a-f]{64})": Hub._put,
    rf"POST /api/models/{_REPOSITORY}/commit/([^/]+)": Hub._commit,
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        raise NotImplementedError

    def _answer(self) -> None:
        body = self._body()
        status, headers, content = self.reply(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    do_GET = do_HEAD = do_POST = do_PUT = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""
