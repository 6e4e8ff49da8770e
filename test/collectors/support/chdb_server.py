"""A current ClickHouse engine (chDB) behind as much of ClickHouse's HTTP interface as the tests need:
the query and its settings in the URL, data in the body, errors as text with a status. One request at a time.

usage: chdb_server.py PORT FOLDER
"""

import gzip
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from chdb import session

engine = session.Session(sys.argv[2])
lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200, b"Ok.\n")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        settings = dict(parse_qsl(urlsplit(self.path).query))
        query = settings.pop("query", "")
        settings.pop("wait_end_of_query", None)
        if query.startswith("INSERT") and " FORMAT " in query:
            into, form = query.split(" FORMAT ")
            given = ", ".join(f"{name} = '{value}'" for name, value in settings.items())
            query = f"{into} SETTINGS {given} FORMAT {form}\n{body.decode()}" if given else f"{query}\n{body.decode()}"
        else:
            query += body.decode()
        try:
            with lock:
                rows = engine.query(query, "JSONEachRow").bytes()
            self.answer(200, rows)
        except Exception as error:
            self.answer(500, str(error).encode())

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
