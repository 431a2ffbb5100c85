#include "sim/import/draft.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>
#include <utility>

#include "sim/scenario/request_reader.hpp"
#include "support/iequals.hpp"
#include "support/text_width.hpp"
#include "support/toml_text.hpp"

namespace troupe::sim {
namespace {

constexpr std::size_t widest_comment = 200;
constexpr std::size_t widest_name = 100;
constexpr std::size_t most_fields = 50;  // of a head
constexpr std::size_t longest_field_name = 200;

std::string list_of(const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values) out += (out.empty() ? "" : ", ") + toml_text(value);
  return "[" + out + "]";
}

std::string table_of(const std::vector<DraftPair>& pairs) {
  std::string out;
  for (const auto& [name, values] : pairs) {
    out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", toml_key(name),
                       values.size() == 1 ? toml_text(values.front()) : list_of(values));
  }
  return "{ " + out + " }";
}

std::string auth_text(const DraftAuth& auth) {
  if (!auth.bearer.empty()) return fmt::format("{{ bearer = {} }}", toml_text(auth.bearer));
  if (auth.user.empty() && auth.password.empty()) return "{}";
  return fmt::format("{{ basic = {{ user = {}, password = {} }} }}", toml_text(auth.user),
                     toml_text(auth.password));
}

/// Writes a draft, once.
class DraftWriter {
 public:
  explicit DraftWriter(const ScenarioDraft& draft) : draft_(draft) {}

  std::string write() {
    write_top();
    const bool has_users = !draft_.start.empty();
    if (has_users) {
      line("");
      comment("Each user does the steps of its start once, and then the tasks by their weights.");
      line("[[user]]");
      line("name = \"users\"");
      for (const auto& task : draft_.start) write_task(task, "[[user.start]]");
    }
    for (const auto& task : draft_.tasks) write_task(task, has_users ? "[[user.task]]" : "[[task]]");
    return std::move(out_);
  }

 private:
  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }
  void comment(std::string_view text) {
    line(text.empty() ? "#" : "# " + cut_to_width(toml_comment(text), widest_comment));
  }

  void write_top() {
    for (const auto& note : draft_.notes) comment(note);
    if (!draft_.fill_ins.empty()) write_fill_ins();
    if (!draft_.notes.empty()) line("");
    line("description = " + toml_text(cut_to_width(toml_comment(draft_.description), widest_comment)));
    if (!draft_.think_time.empty()) line("think_time = " + draft_.think_time);
    if (draft_.auth) line("auth = " + auth_text(*draft_.auth));
    if (!draft_.headers.empty()) line("headers = " + table_of(draft_.headers));
  }

  void write_fill_ins() {
    comment("");
    comment("FILL IN before this can run. Either write each value in place of its name in braces, or give a");
    comment("CSV file with a column for each, which may have a row for every user:");
    for (const auto& [name, what] : draft_.fill_ins) comment(fmt::format("  {{{}}}  {}", name, what));
    line("# data = { file = \"secrets.csv\", mode = \"sequential\" }");
  }

  void write_task(const DraftTask& task, std::string_view kind) {
    line("");
    for (const auto& note : task.notes) comment(note);
    const std::string_view mark = task.off ? "# " : "";
    const auto set = [&](std::string_view key, std::string_view value) {
      line(fmt::format("{}{} = {}", mark, key, value));
    };
    line(fmt::format("{}{}", mark, kind));
    set("name", toml_text(name_of(task)));
    set("method", toml_text(task.method));
    set("path", toml_text(task.path));
    if (task.weight != 1) set("weight", fmt::format("{}", task.weight));
    if (!task.query.empty()) set("query", table_of(task.query));
    if (!task.headers.empty()) set("headers", table_of(task.headers));
    if (task.auth) set("auth", auth_text(*task.auth));
    if (!task.form.empty()) set("form", table_of(task.form));
    if (!task.body.empty()) set("body", toml_text(task.body));
    for (const auto& [name, values] : task.parameters)
      set("params." + toml_key(name), fmt::format("{{ list = {} }}", list_of(values)));
    if (!task.extract.empty()) set("extract", table_of(task.extract));
    if (!task.status.empty()) set("status", fmt::format("[{}]", fmt::join(task.status, ", ")));
  }

  /// One that no other task has.
  std::string name_of(const DraftTask& task) {
    const auto wanted = cut_to_width(toml_comment(task.name), widest_name);
    auto name = wanted;
    for (std::size_t i = 2; !names_.insert(name).second; ++i) name = fmt::format("{} ({})", wanted, i);
    return name;
  }

  const ScenarioDraft& draft_;
  std::set<std::string> names_;
  std::string out_;
};

}  // namespace

void add_value(std::vector<DraftPair>& pairs, std::string_view name, std::string value) {
  const auto found = std::ranges::find(pairs, name, &DraftPair::name);
  if (found == pairs.end()) {
    pairs.push_back({std::string(name), {std::move(value)}});
  } else {
    found->values.push_back(std::move(value));
  }
}

void add_field(std::vector<DraftPair>& fields, std::string_view name, std::string value) {
  if (fields.size() == most_fields || name.size() > longest_field_name) return;
  std::erase_if(value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  const bool is_there =
      std::ranges::any_of(fields, [&](const DraftPair& field) { return iequals(field.name, name); });
  if (is_there || value.empty() || !fault_of_field({std::string(name), value}).empty()) return;
  fields.push_back({std::string(name), {std::move(value)}});
}

std::string write_draft(const ScenarioDraft& draft) {
  return DraftWriter(draft).write();
}

}  // namespace troupe::sim
