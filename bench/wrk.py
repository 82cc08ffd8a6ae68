"""Writes the Lua that tells wrk what to send, what answer is right, and to print its finding as one line of JSON."""

from collections.abc import Mapping

_CHECK_AND_REPORT = """
wrong = 0
local threads = {}
function setup(thread) table.insert(threads, thread) end
function response(status, headers, body)
  if status ~= %(status)d or #body ~= %(length)d then wrong = wrong + 1 end
end
function done(summary, latency, requests)
  local failed = summary.errors
  local errors = failed.connect + failed.read + failed.write + failed.timeout
  for _, thread in ipairs(threads) do errors = errors + thread:get("wrong") end
  io.write(string.format(
    '{"requests": %%d, "seconds": %%f, "p50": %%f, "p99": %%f, "errors": %%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, errors
  ))
end
"""


def script_for(method: str, headers: Mapping[str, str], body: bytes, status: int, length: int) -> str:
    lines = [f"wrk.method = {_text(method.encode())}"]
    lines += [f"wrk.headers[{_text(name.encode())}] = {_text(value.encode())}" for name, value in headers.items()]
    if body:
        lines.append(f"wrk.body = {_text(body)}")
    return "\n".join(lines) + _CHECK_AND_REPORT % {"status": status, "length": length}


def _text(value: bytes) -> str:
    """A Lua string of any bytes, each written as its number, so that nothing in it can end the string."""
    return '"' + "".join(f"\\{byte:03d}" for byte in value) + '"'
