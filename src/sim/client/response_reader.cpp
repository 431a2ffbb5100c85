#include "sim/client/response_reader.hpp"

#include <algorithm>
#include <charconv>

namespace troupe::sim {
namespace {

constexpr std::string_view beginning = "HTTP/1.";
// A TLS record of the type alert (RFC 8446 section 5.1): plain HTTP was sent to a port of https.
constexpr std::string_view tls_alert = "\x15\x03";
// More than any server sends; one that never comes to its answer must end somewhere.
constexpr unsigned most_interim = 64;
constexpr std::size_t most_chunk_line = 16 * 1024;  // its extensions are in it
constexpr std::size_t most_trailer = 64 * 1024;

/// Or nobody knows yet.
bool may_begin_answer(std::string_view text) {
  return text.starts_with(beginning.substr(0, text.size())) ||
         (text.size() < tls_alert.size() && tls_alert.starts_with(text));
}

bool is_good(int status, std::span<const int> good) {
  if (good.empty()) return status / 100 == 2;
  return std::ranges::find(good, status) != good.end();
}

}  // namespace

void ResponseReader::begin(const Wanted& wanted) {
  wanted_ = wanted;
  state_ = State::head;
  fault_ = {};
  gathered_.clear();
  body_bytes_ = 0;
  trailer_bytes_ = 0;
  interim_ = 0;
  got_some_ = ended_by_close_ = body_is_cut_ = false;
  fields_.clear();
  body_.clear();
}

std::size_t ResponseReader::take(std::string_view bytes) {
  got_some_ = got_some_ || !bytes.empty();
  std::size_t used = 0;
  while (used < bytes.size() && state_ != State::done && state_ != State::failed)
    used += step(bytes.substr(used));
  return used;
}

std::size_t ResponseReader::step(std::string_view bytes) {
  switch (state_) {
    case State::head:
      return take_head(bytes);
    case State::length:
    case State::until_close:
    case State::chunk:
      return take_body(bytes);
    case State::chunk_size:
      return take_chunk_size(bytes);
    case State::chunk_end:
      return take_chunk_end(bytes);
    case State::trailer:
      return take_trailer(bytes);
    default:
      return 0;
  }
}

void ResponseReader::take_end() {
  if (state_ == State::until_close) state_ = State::done;
}

void ResponseReader::fail(std::string_view fault) {
  state_ = State::failed;
  fault_ = fault;
}

// ---- the head

std::size_t ResponseReader::take_head(std::string_view bytes) {
  const auto before = gathered_.size();
  auto text = bytes;
  if (before != 0) {
    gathered_ += bytes;
    text = gathered_;
  }
  if (!may_begin_answer(text)) {
    fail(text.starts_with(tls_alert) ? "the port speaks TLS: write https://"
                                     : "the answer does not begin with HTTP/1.x and a status");
    return bytes.size();
  }
  // An end may have begun with the bytes before.
  const auto end = end_of_head(text, before < 3 ? 0 : before - 3);
  if (end.value_or(text.size()) > most_head) {
    fail("the head of the answer is larger than 64 KiB");
    return bytes.size();
  }
  if (!end) {
    if (before == 0) gathered_ = bytes;
    return bytes.size();
  }
  on_head(text.substr(0, *end));
  gathered_.clear();
  return *end - before;
}

void ResponseReader::on_head(std::string_view text) {
  std::string unfolded;
  if (has_folding(text)) {
    unfolded = text;
    unfold(unfolded);
    text = unfolded;
  }
  if (const auto fault = read_head(text, head_); !fault.empty()) return fail(fault);
  if (head_.status == 101) return fail("101 Switching Protocols, which was not asked for");
  if (head_.status < 200) {  // not yet the answer (RFC 9110 section 15.2)
    if (++interim_ > most_interim) fail("more than 64 interim answers (1xx)");
    return;
  }
  if (!is_good(head_.status, wanted_.good)) wanted_.fields = wanted_.body = true;
  if (wanted_.fields) {
    take_line(text);
    fields_ = text;
  }
  begin_body();
}

// RFC 9112 section 6.3.
void ResponseReader::begin_body() {
  if (wanted_.to_head || head_.status == 204 || head_.status == 304) {
    state_ = State::done;
  } else if (!head_.framing_fault.empty()) {
    fail(head_.framing_fault);
  } else if (head_.chunked) {
    state_ = State::chunk_size;
  } else if (head_.length) {
    left_ = *head_.length;
    state_ = left_ == 0 ? State::done : State::length;
  } else {
    state_ = State::until_close;
    ended_by_close_ = true;
  }
}

// ---- the body

std::size_t ResponseReader::take_body(std::string_view bytes) {
  if (state_ == State::until_close) {
    keep(bytes);
    return bytes.size();
  }
  const auto used = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  keep(bytes.substr(0, used));
  left_ -= used;
  if (left_ == 0) state_ = state_ == State::chunk ? State::chunk_end : State::done;
  return used;
}

void ResponseReader::keep(std::string_view bytes) {
  body_bytes_ += bytes.size();
  if (!wanted_.body) return;
  const auto kept = bytes.substr(0, wanted_.most_body - body_.size());
  body_ += kept;
  body_is_cut_ = body_is_cut_ || kept.size() < bytes.size();
}

/// Gathers a line; true when it is whole. `used`: of the bytes.
bool ResponseReader::gather_line(std::string_view bytes, std::size_t most, std::size_t& used) {
  const auto end = bytes.find('\n');
  used = end == std::string_view::npos ? bytes.size() : end + 1;
  gathered_ += bytes.substr(0, std::min(used, most + 1));
  return end != std::string_view::npos || gathered_.size() > most;
}

// RFC 9112 section 7.1.
std::size_t ResponseReader::take_chunk_size(std::string_view bytes) {
  std::size_t used = 0;
  if (!gather_line(bytes, most_chunk_line, used)) return used;
  const auto* const end = gathered_.data() + gathered_.size();
  const auto [behind, error] = std::from_chars(gathered_.data(), end, left_, 16);
  const std::string_view rest(behind, static_cast<std::size_t>(end - behind));
  const auto next = rest.find_first_not_of(" \t");
  if (gathered_.size() > most_chunk_line) {
    fail("a chunk's first line is longer than 16 KiB");
  } else if (error != std::errc() || !rest.ends_with("\r\n") || (rest[next] != ';' && rest[next] != '\r')) {
    fail("a chunk does not begin with its length");
  } else {
    state_ = left_ == 0 ? State::trailer : State::chunk;
  }
  gathered_.clear();
  return used;
}

std::size_t ResponseReader::take_chunk_end(std::string_view bytes) {
  std::size_t used = 0;
  if (!gather_line(bytes, 1, used)) return used;
  gathered_ == "\r\n" ? void(state_ = State::chunk_size) : fail("a chunk is longer than it says");
  gathered_.clear();
  return used;
}

std::size_t ResponseReader::take_trailer(std::string_view bytes) {
  std::size_t used = 0;
  const bool whole = gather_line(bytes, most_trailer, used);
  trailer_bytes_ += used;
  if (trailer_bytes_ > most_trailer) {
    fail("the trailer of the answer is larger than 64 KiB");
  } else if (whole) {
    if (gathered_ == "\r\n" || gathered_ == "\n") state_ = State::done;
    gathered_.clear();
  }
  return used;
}

}  // namespace troupe::sim
