#include "support/secret_text.hpp"

#include <re2/re2.h>
#include <spdlog/fmt/fmt.h>

namespace troupe {
namespace {

constexpr const char* secret_words =
    R"((?i)^(authorization|proxy-authorization|cookie|set-cookie|.*(password|passwd|token|secret|key).*)$)";
constexpr const char* secret_member =
    R"re((?i)("[^"]*(?:password|passwd|token|secret|key)[^"]*"\s*:\s*)(?:"(?:[^"\\]|\\.)*(?:"|\\?\z)|[^\s,}\]\["{]+))re";
constexpr const char* secret_pair =
    R"((?im)((?:^|[?&])[^=&?\s"{}]*(?:password|passwd|token|secret|key)[^=&?\s"{}]*=)[^&\s"]*)";
constexpr const char* secret_setting =
    R"re((?i)([\w.-]*(?:password|passwd|secret|bearer)[\w.-]*["']?\s*=\s*)(?:"(?:[^"\\{]|\\.)(?:[^"\\]|\\.)*"|'[^'{][^']*'))re";

}  // namespace

bool is_secret_name(std::string_view name) {
  static const re2::RE2 pattern(secret_words);
  return re2::RE2::FullMatch({name.data(), name.size()}, pattern);
}

std::string mask_field(std::string_view name, std::string_view value) {
  static const re2::RE2 credentials(R"((?is)\s*(bearer|basic|digest|negotiate) .*)");
  if (is_secret_name(name) || re2::RE2::FullMatch({value.data(), value.size()}, credentials))
    return fmt::format("{}: ***", name);
  return fmt::format("{}: {}", name, mask_secrets(value));
}

std::string mask_secrets(std::string_view text) {
  static const re2::RE2 member(secret_member);
  static const re2::RE2 pair(secret_pair);
  std::string out(text);
  re2::RE2::GlobalReplace(&out, member, R"(\1"***")");
  re2::RE2::GlobalReplace(&out, pair, R"(\1***)");
  return out;
}

std::string mask_settings(std::string_view text) {
  static const re2::RE2 setting(secret_setting);
  auto out = mask_secrets(text);
  re2::RE2::GlobalReplace(&out, setting, R"(\1"***")");
  return out;
}

}  // namespace troupe
