"""Forms of HTTP/1.1 that servers and proxies are known to read differently: (name, bytes)."""

INNER = b"GET /items/1 HTTP/1.1\r\nHost: a\r\n\r\n"  # what an attacker wants to get past a proxy, as somebody's body
FORM = b"name=a"


def post(fields, body=b"", path=b"/items/", version=b"HTTP/1.1", host=b"Host: a\r\n"):
    return b"POST " + path + b" " + version + b"\r\n" + host + fields + b"\r\n" + body


def get(fields=b"", target=b"/items/1", version=b"HTTP/1.1", host=b"Host: a\r\n"):
    return b"GET " + target + b" " + version + b"\r\n" + host + fields + b"\r\n"


CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"


def lengths():
    """Content-Length in every form."""
    size = str(len(INNER)).encode()
    yield "a body that looks like a request", post(b"Content-Length: " + size + b"\r\n", INNER)
    for name, value in {
            "plus": b"+5", "minus": b"-5", "hex": b"0x5", "zeros": b"0005", "a list": b"5, 5", "a list of two": b"5, 6", "empty": b"",
            "blank inside": b"5 5", "a tab": b"\t5\t", "a float": b"5.0", "exponent": b"5e0", "beyond 64 bits": b"18446744073709551621",
            "beyond 63 bits": b"9223372036854775813", "underscore": b"5_0", "unicode digit": b"\xef\xbc\x95", "NUL": b"5\0", "vertical tab": b"\x0b5",
            "form feed": b"5\x0c", "semicolon": b"5;", "quoted": b'"5"'}.items():
        yield f"Content-Length: {name}", post(b"Content-Length: " + value + b"\r\n", b"hello" + INNER)
    yield "two equal lengths", post(b"Content-Length: 5\r\nContent-Length: 5\r\n", b"hello" + INNER)
    yield "two lengths", post(b"Content-Length: 5\r\nContent-Length: " + size + b"\r\n", b"hello" + INNER)
    yield "zero first", post(b"Content-Length: 0\r\nContent-Length: " + size + b"\r\n", INNER)
    yield "a length in GET", get(b"Content-Length: " + size + b"\r\n") + INNER
    yield "no length in POST", post(b"", INNER)
    for name in (b"Content_Length", b"content-LENGTH", b"Content-Length\t", b"Content-Length ", b" Content-Length", b"Content-Length\0", b"Content-Length\x0b",
                 b"Content\xadLength", b"X: y\rContent-Length", b"X: y\nContent-Length", b"X: y\n Content-Length", b"Content-Length\r"):
        yield f"the field {name!r}", post(name + b": " + size + b"\r\n", INNER)


def codings():
    """Transfer-Encoding in every form, alone and beside a Content-Length."""
    values = (b"chunked", b"Chunked", b"CHUNKED", b" chunked ", b"\tchunked", b"chunked\t", b"xchunked", b"chunkedx", b"chunked, identity", b"identity, chunked",
              b"gzip, chunked", b"chunked, chunked", b"chunked,", b",chunked", b"identity", b"gzip", b'"chunked"', b"'chunked'", b"chunked;q=1", b"chunked\0",
              b"\x0bchunked", b"chunked\x0b", b"chunk", b"", b"\xefchunked", b"cow", b"chunked\r\n , x", b"\r\n chunked", b"\n chunked")
    for value in values:
        yield f"Transfer-Encoding: {value!r}", post(b"Transfer-Encoding: " + value + b"\r\n", CHUNKS + INNER)
        yield f"Content-Length and Transfer-Encoding: {value!r}", post(b"Content-Length: 4\r\nTransfer-Encoding: " + value + b"\r\n", CHUNKS + INNER)
        yield f"Transfer-Encoding: {value!r} and Content-Length", post(
            b"Transfer-Encoding: " + value + b"\r\nContent-Length: %d\r\n" % len(b"0\r\n\r\n" + INNER), b"0\r\n\r\n" + INNER)
    for name in (b"Transfer_Encoding", b"Transfer-Encoding ", b" Transfer-Encoding", b"Transfer-Encoding\t", b"Transfer-Encoding\0", b"Transfer-Encoding\x0b",
                 b"X: y\rTransfer-Encoding", b"X: y\nTransfer-Encoding", b"transfer-encoding", b"Transfer-Encoding\r", b"Xransfer-Encoding"):
        yield f"the field {name!r}", post(name + b": chunked\r\nContent-Length: %d\r\n" % len(b"0\r\n\r\n" + INNER), b"0\r\n\r\n" + INNER)
    yield "two codings", post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", CHUNKS + INNER)
    yield "two codings, chunked last", post(b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", CHUNKS + INNER)
    yield "chunked in HTTP/1.0", post(b"Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n", CHUNKS + INNER, version=b"HTTP/1.0")
    yield "chunked in GET", get(b"Transfer-Encoding: chunked\r\n") + b"0\r\n\r\n" + INNER


def chunks():
    """The chunked coding itself."""
    bodies = {
        "plain": CHUNKS, "zeros": b"00000005\r\nhello\r\n000\r\n\r\n", "overlong size": b"0" * 300 + b"5\r\nhello\r\n0\r\n\r\n",
        "beyond 64 bits": b"10000000000000005\r\nhello\r\n0\r\n\r\n", "beyond 32 bits": b"100000005\r\nhello\r\n0\r\n\r\n", "0x": b"0x5\r\nhello\r\n0\r\n\r\n",
        "minus": b"-5\r\nhello\r\n0\r\n\r\n", "plus": b"+5\r\nhello\r\n0\r\n\r\n", "blank before": b" 5\r\nhello\r\n0\r\n\r\n",
        "blank behind": b"5 \r\nhello\r\n0\r\n\r\n", "tab behind": b"5\t\r\nhello\r\n0\r\n\r\n", "an extension": b"5;a=b\r\nhello\r\n0\r\n\r\n",
        "an extension without value": b"5;a\r\nhello\r\n0\r\n\r\n", "an empty extension": b"5;\r\nhello\r\n0\r\n\r\n",
        "a quoted extension": b'5;a="b\r\nhello\r\n0\r\n\r\n', "a CR in an extension": b"5;a\rb\r\nhello\r\n0\r\n\r\n",
        "a LF in an extension": b"5;a\nhello\r\n0\r\n\r\n", "a NUL in an extension": b"5;a=\0\r\nhello\r\n0\r\n\r\n",
        "bare LF": b"5\nhello\n0\n\n", "bare CR": b"5\rhello\r0\r\r", "LF behind the size": b"5\nhello\r\n0\r\n\r\n", "LF behind the data": b"5\r\nhello\n0\r\n\r\n",
        "no CRLF behind the data": b"5\r\nhello0\r\n\r\n", "two bytes of anything behind the data": b"5\r\nhelloXX0\r\n\r\n",
        "LF behind the last chunk": b"5\r\nhello\r\n0\n\r\n", "bare LF at the end": b"5\r\nhello\r\n0\r\n\n", "no size": b"\r\nhello\r\n0\r\n\r\n",
        "only the last": b"0\r\n\r\n", "two last ones": b"0\r\n\r\n0\r\n\r\n", "a trailer": b"0\r\nX: y\r\n\r\n", "a folded trailer": b"0\r\nX: y\r\n z\r\n\r\n",
        "a length as trailer": b"0\r\nContent-Length: 50\r\n\r\n", "a coding as trailer": b"0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "a trailer without colon": b"0\r\nGET / HTTP/1.1\r\n\r\n", "an extension at the last": b"0;x\r\n\r\n", "a comma": b"5,5\r\nhello\r\n0\r\n\r\n",
        "octal": b"05\r\nhello\r\n0\r\n\r\n", "no end": b"5\r\nhello\r\n0\r\n", "letters": b"g\r\nhello\r\n0\r\n\r\n", "capitals": b"A\r\n0123456789\r\n0\r\n\r\n"}
    for name, body in bodies.items():
        yield f"chunks: {name}", post(b"Transfer-Encoding: chunked\r\n", body + INNER)


def lines():
    """Line ends, folding, blanks around names."""
    yield "bare LF everywhere", get().replace(b"\r\n", b"\n") + INNER
    yield "bare LF behind the request line", b"GET /items/1 HTTP/1.1\nHost: a\r\n\r\n" + INNER
    yield "bare LF behind a field", b"GET /items/1 HTTP/1.1\r\nHost: a\nX: y\r\n\r\n" + INNER
    yield "bare LF for the empty line", b"GET /items/1 HTTP/1.1\r\nHost: a\r\n\n" + INNER
    yield "bare CR everywhere", get().replace(b"\r\n", b"\r") + INNER
    yield "CR CR LF", b"GET /items/1 HTTP/1.1\r\r\nHost: a\r\r\n\r\r\n" + INNER
    yield "a bare CR in a value", get(b"X: a\rb\r\n") + INNER
    yield "a folded field", get(b"X: a\r\n b\r\n") + INNER
    yield "a folded length", post(b"Content-Length:\r\n 5\r\n", b"hello" + INNER)
    yield "a field folded over a length", post(b"X: a\r\n Content-Length: %d\r\n" % len(INNER), INNER)
    yield "a folded first line", b"GET /items/1 HTTP/1.1\r\n Content-Length: 5\r\nHost: a\r\n\r\nhello" + INNER
    yield "a field without colon", get(b"X\r\n") + INNER
    yield "a field without name", get(b": x\r\n") + INNER
    yield "a blank before the colon", get(b"X : y\r\n") + INNER
    yield "a NUL in a name", get(b"X\0: y\r\n") + INNER
    yield "a NUL in a value", get(b"X: a\0b\r\n") + INNER
    yield "a control in a value", get(b"X: a\x01b\r\n") + INNER
    yield "DEL in a value", get(b"X: a\x7fb\r\n") + INNER
    yield "high bytes in a value", get(b"X: \xff\xfe\r\n") + INNER
    yield "empty lines before", b"\r\n\r\n" + get() + INNER
    yield "a blank line before", b" \r\n" + get() + INNER
    yield "a LF before", b"\n" + get() + INNER
    yield "a NUL before", b"\0" + get() + INNER
    yield "a byte order mark", b"\xef\xbb\xbf" + get() + INNER


def request_lines():
    yield "two requests", get() + INNER
    yield "a request and some", get() + b"GET"
    yield "two blanks", b"GET  /items/1 HTTP/1.1\r\nHost: a\r\n\r\n" + INNER
    yield "tabs", b"GET\t/items/1\tHTTP/1.1\r\nHost: a\r\n\r\n" + INNER
    yield "a blank behind", b"GET /items/1 HTTP/1.1 \r\nHost: a\r\n\r\n" + INNER
    yield "a blank in the target", b"GET /items/1 x HTTP/1.1\r\nHost: a\r\n\r\n" + INNER
    yield "HTTP/0.9", b"GET /items/1\r\n" + INNER
    yield "a NUL in the target", get(target=b"/items/1\0x") + INNER
    yield "a CR in the target", get(target=b"/items/1\rx") + INNER
    yield "a fragment", get(target=b"/items/1#x") + INNER
    yield "an encoded line end", get(target=b"/items/1%0d%0aX:y") + INNER
    for version in (b"HTTP/1.0", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/0.9", b"HTTP/1.10", b"HTTP/01.1", b"http/1.1", b"HTTP/1.", b"HTTP/1", b"HTTP/1.1x", b"ICY/1.1"):
        yield f"version {version!r}", get(version=version) + INNER
    for method in (b"get", b"G\0T", b"", b"TRACE", b"CONNECT", b"OPTIONS", b"HEAD", b"X" * 200, b"GE(T"):
        yield f"method {method!r}", get().replace(b"GET", method, 1) + INNER
    yield "absolute-form", get(target=b"http://a/items/1") + INNER
    yield "absolute-form of another host", get(target=b"http://b/items/1") + INNER
    yield "absolute-form without host", get(target=b"http:///items/1") + INNER
    yield "absolute-form with user", get(target=b"http://u@a/items/1") + INNER
    yield "authority-form", get(target=b"a:80") + INNER
    yield "asterisk-form", get(target=b"*") + INNER
    yield "CONNECT", b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n" + INNER


def hosts():
    yield "no Host", get(host=b"") + INNER
    yield "two hosts", get(host=b"Host: a\r\nHost: b\r\n") + INNER
    yield "two equal hosts", get(host=b"Host: a\r\nHost: a\r\n") + INNER
    for value in (b"", b"a, b", b"a b", b"a/", b"a@b", b"a:", b"a:80:80", b"a:x", b"[::1]", b"[::1", b"a\tb", b"a\0", b"*", b"a?", b"a#b", b"\xff"):
        yield f"Host: {value!r}", get(host=b"Host: " + value + b"\r\n") + INNER


def connections():
    for value in (b"close", b"keep-alive", b"close, keep-alive", b"Content-Length", b"Transfer-Encoding", b"Host", b"upgrade", b"te", b"close\r\nConnection: keep-alive"):
        yield f"Connection: {value!r}", post(b"Connection: " + value + b"\r\nContent-Length: 5\r\n", b"hello") + INNER
    yield "100-continue", post(b"Expect: 100-continue\r\nContent-Length: 5\r\n", b"hello") + INNER
    yield "100-continue without a body", get(b"Expect: 100-continue\r\n") + INNER
    yield "another expectation", post(b"Expect: x\r\nContent-Length: 5\r\n", b"hello") + INNER
    yield "an upgrade to h2c", get(b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n") + INNER
    yield "a websocket", get(b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n") + INNER
    yield "the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + INNER


def table():
    for part in (lengths, codings, chunks, lines, request_lines, hosts, connections):
        yield from part()
