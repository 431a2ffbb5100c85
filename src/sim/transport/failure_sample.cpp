#include "sim/transport/failure_sample.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "sim/client/head_reader.hpp"
#include "support/clean_text.hpp"
#include "support/secret_text.hpp"

namespace troupe::sim {
namespace {

constexpr std::string_view cut_mark = "…";

/// The front of a clean text, marked where something is left out.
std::string cut(std::string text, bool is_cut_already) {
  if (!is_cut_already && text.size() <= most_sampled) return text;
  auto end = std::min(text.size(), most_sampled - cut_mark.size());
  while (end > 0 && end < text.size() && (static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text.append(cut_mark);
}

std::string shown_fields(std::string_view lines, std::string out) {
  std::string_view name, value;
  while (out.size() <= most_sampled && take_field(lines, name, value)) {
    if (name.empty()) continue;
    if (!out.empty()) out += '\n';
    out += clean_text(mask_field(name, value));
  }
  return cut(std::move(out), false);
}

/// Masked when it is cut: masking takes a value to the end of what is there (mask_secrets).
std::string shown_body(std::string_view body, std::span<const std::string> secrets) {
  const auto masked = mask_values(body, secrets);
  const auto front = std::string_view(masked).substr(0, most_sampled);
  return cut(mask_secrets(clean_text(front)), front.size() < masked.size());
}

}  // namespace

FailureSample sample_of(const LastExchange& last, std::span<const std::string> secrets) {
  const auto head_end = std::min(last.request.find("\r\n\r\n"), last.request.size());
  const auto head = mask_values(last.request.substr(0, head_end), secrets);
  const auto line_end = std::min(head.find("\r\n"), head.size());
  const auto line = std::string_view(head).substr(0, std::min(line_end, most_sampled));
  FailureSample sample;
  sample.request_head = shown_fields(std::string_view(head).substr(std::min(line_end + 2, head.size())),
                                     clean_text(mask_secrets(line)));
  sample.request_body = shown_body(last.request.substr(std::min(head_end + 4, last.request.size())), secrets);
  sample.status = static_cast<std::uint64_t>(last.status);
  sample.answer_head = shown_fields(mask_values(last.fields, secrets), {});
  sample.answer_body = shown_body(last.body, secrets);
  return sample;
}

}  // namespace troupe::sim
