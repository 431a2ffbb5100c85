#include "support/secret_text.hpp"

#include <re2/re2.h>
#include <spdlog/fmt/fmt.h>

#include <string>

namespace troupe {
namespace {

/// In whatever name one of them stands, its value is nobody's business.
const std::string words =
    "(?:password|passwd|passphrase|pwd|token|secret|key|session|csrf|xsrf|jwt|credential|signature)";

/// Of Latin letters only, and made once.
const re2::RE2& names() {
  static const re2::RE2 pattern("(?i)(?:proxy-)?authorization|(?:set-)?cookie|.*" + words + ".*");
  return pattern;
}

/// "name": "value", or a value without quotes, in JSON.
const re2::RE2& members() {
  static const re2::RE2 pattern("(?i)(\"[^\"]*" + words +
                                R"re([^"]*"\s*:\s*)(?:"(?:[^"\\]|\\.)*(?:"|\\?\z)|[^\s,}\]\["{]+))re");
  return pattern;
}

/// name=value in queries and forms.
const re2::RE2& pairs() {
  static const re2::RE2 pattern(R"re((?im)((?:^|[?&])[^=&?\s"{}]*)re" + words +
                                R"re([^=&?\s"{}]*=)[^&\s"]*)re");
  return pattern;
}

}  // namespace

bool is_secret_name(std::string_view name) {
  return re2::RE2::FullMatch({name.data(), name.size()}, names());
}

std::string mask_field(std::string_view name, std::string_view value) {
  static const re2::RE2 credentials(R"((?is)\s*(bearer|basic|digest|negotiate) .*)");
  if (is_secret_name(name) || re2::RE2::FullMatch({value.data(), value.size()}, credentials))
    return fmt::format("{}: ***", name);
  return fmt::format("{}: {}", name, mask_secrets(value));
}

std::string mask_secrets(std::string_view text) {
  std::string out(text);
  re2::RE2::GlobalReplace(&out, members(), R"(\1"***")");
  re2::RE2::GlobalReplace(&out, pairs(), R"(\1***)");
  return out;
}

std::string mask_settings(std::string_view text) {
  // No tokens: an extraction is called so, and says where one is found.
  static const re2::RE2 setting(
      R"re((?i)([\w.-]*(?:password|passwd|secret|bearer)[\w.-]*["']?\s*=\s*)(?:"(?:[^"\\{]|\\.)(?:[^"\\]|\\.)*"|'[^'{][^']*'))re");
  auto out = mask_secrets(text);
  re2::RE2::GlobalReplace(&out, setting, R"(\1"***")");
  return out;
}

}  // namespace troupe
