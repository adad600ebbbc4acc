"""A server to try rates.dig with: python3 server.py PORT"""
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

RATES = [{"currency": "JPY", "value": 163.2}, {"currency": "USD", "value": 1.09}]


class Handler(BaseHTTPRequestHandler):
    failed = False

    def do_GET(self):
        if not Handler.failed:
            Handler.failed = True
            return self.answer(503, {"message": "still starting"})
        self.answer(200, RATES)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        print("got", json.dumps(body), flush=True)
        self.answer(201, {})

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    print("listening on http://127.0.0.1:%d" % server.server_port, flush=True)
    server.serve_forever()
