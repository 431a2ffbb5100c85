#include "cli/common/field_flags.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "sim/scenario/request_reader.hpp"
#include "support/secret_text.hpp"

namespace troupe::cli {
namespace {

/// Name and value, without the blanks between them.
std::optional<std::pair<std::string, std::string>> name_and_value(const std::string& header) {
  const auto colon = header.find(':');
  if (colon == header.npos) return std::nullopt;
  const auto value = std::min(header.find_first_not_of(" \t", colon + 1), header.size());
  return std::pair(header.substr(0, colon), header.substr(value));
}

}  // namespace

void FieldFlags::add_to(CLI::App& app, const char* group) {
  app.add_option(
         "--header", headers,
         "a field of every request's head, with a scenario's names ({uuid}, {user}) in its value; again "
         "and again; the scenario's tasks can say otherwise")
      ->type_name("'NAME: VALUE'")
      ->group(group)
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--bearer-env", bearer_env,
                 "Authorization: Bearer with the token in this variable of the environment, as it is")
      ->type_name("VARIABLE")
      ->group(group)
      ->take_last();
}

Result<std::vector<sim::FieldText>> FieldFlags::fields() const {
  std::vector<sim::FieldText> fields;
  for (const auto& header : headers) {
    auto said = name_and_value(header);
    if (!said) return invalid(fmt::format("--header must be 'NAME: VALUE', not '{}'", header));
    sim::FieldText field{std::move(said->first), std::move(said->second)};
    if (const auto fault = sim::fault_of_field(field); !fault.empty()) return invalid("--header: " + fault);
    fields.push_back(std::move(field));
  }
  if (!bearer_env) return fields;
  const char* token = std::getenv(bearer_env->c_str());
  if (token == nullptr || *token == '\0')
    return invalid(fmt::format("--bearer-env: the environment has no {}", *bearer_env));
  sim::FieldText field{"Authorization", fmt::format("Bearer {}", token)};
  field.literal = true;  // a token is nobody's template
  if (const auto fault = sim::fault_of_field(field); !fault.empty())
    return invalid(fmt::format("--bearer-env: {}", fault));
  return sim::merge_fields(std::move(fields), {field});
}

std::string shown_header(const std::string& header) {
  const auto said = name_and_value(header);
  if (!said) return header;
  auto shown = mask_field(said->first, said->second);
  return shown == said->first + ": " + said->second ? header : shown;
}

std::vector<std::string> shown_arguments(std::vector<std::string> arguments) {
  constexpr std::string_view flag = "--header", with_value = "--header=";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == flag && i + 1 < arguments.size()) {
      ++i;
      arguments[i] = shown_header(arguments[i]);
    } else if (arguments[i].starts_with(with_value)) {
      arguments[i] = std::string(with_value) + shown_header(arguments[i].substr(with_value.size()));
    }
  }
  return arguments;
}

}  // namespace troupe::cli
