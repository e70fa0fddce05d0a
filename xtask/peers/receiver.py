"""A server on this machine, for what the sandbox posts."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class Receiver(BaseHTTPRequestHandler):
    """What answers requests; platforms say how."""

    protocol_version = "HTTP/1.1"

    def query(self):
        return dict(parse_qsl(urlsplit(self.path).query))

    def body(self):
        return self.rfile.read(int(self.headers["content-length"]))

    def respond(self, status, text):
        body = text.encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True  # The sandbox waits no longer.

    def log_message(self, *_):
        pass


@contextmanager
def serving(handler, **shared):
    """A server whose requests `handler` answers; it has `shared`, and its `url`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.url = f"http://127.0.0.1:{server.server_port}/callback"
    for name, value in shared.items():
        setattr(server, name, value)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
