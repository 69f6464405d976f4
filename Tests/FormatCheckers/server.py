"""A server that issues a recovery code of its own to everybody: six digits, leading zeros among them.

Prints its URL once it listens, and goes on until it is stopped.
"""

import datetime
import http.server
import itertools
import json

numbers = itertools.count(331, 7919)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        number = next(numbers)
        expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=24)
        body = json.dumps({
            "recovery_link": f"https://accounts.example.com/recovery?flow={number}&x=1",
            "recovery_code": f"{number % 1_000_000:06}",
            "expires_at": expiry.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
