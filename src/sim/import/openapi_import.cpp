#include "sim/import/openapi_import.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sim/import/openapi_login.hpp"
#include "sim/import/openapi_task.hpp"
#include "sim/scenario/scenario.hpp"

namespace troupe::sim {
namespace {

constexpr unsigned read_weight = 4;

/// A path up to a part that is a parameter, without names: "/orders/{}/lines"; empty: the parameter is no
/// whole segment.
std::string collection_of(const std::vector<PathPart>& path, std::size_t part) {
  std::string out;
  for (std::size_t i = 0; i < part; ++i) out += path[i].is_parameter ? "{}" : path[i].text;
  const bool ends = part + 1 == path.size() || path[part + 1].text.starts_with('/');
  if (!ends || !out.ends_with('/')) return {};
  while (out.ends_with('/')) out.pop_back();
  return out;
}

std::string without_names(std::string_view path) {
  std::string out;
  for (const auto& part : path_parts(path)) out += part.is_parameter ? "{}" : part.text;
  while (out.ends_with('/')) out.pop_back();
  return out;
}

class OpenApiImport {
 public:
  OpenApiImport(const JsonDocument& document, std::string_view source)
      : document_(document),
        names_(draft_),
        operations_(api_operations(document)),
        base_path_(api_base_path(document)),
        tasks_(document, draft_, names_, base_path_),
        source_(source) {}

  Result<std::string> write() {
    if (operations_.empty()) return invalid("has no operation that a task could be made of");
    add_login();
    for (const auto& operation : operations_) {
      if (operation.method == "POST" && &operation != login_)
        makers_.emplace(without_names(operation.path), &operation);
    }
    for (const auto& operation : operations_) {
      if (&operation != login_) add_task(operation);
    }
    take_new_ids();
    if (std::ranges::all_of(draft_.tasks, &DraftTask::off))
      return invalid(
          "has nothing to call but what is off at first: deletions, deprecated operations, and bodies that "
          "are neither JSON nor forms");
    add_notes();
    return write_draft(draft_);
  }

 private:
  /// What each user makes one of at its start.
  struct Made {
    std::string variable;
    std::string place;  ///< of the id in the answer
  };

  void add_login() {
    const auto login = find_login(document_, operations_, base_path_);
    const auto token = login ? names_.take("token") : std::string{};
    tasks_.choose_security(operations_, token);
    if (!login) return;
    login_ = login->operation;
    auto task = tasks_.make_login(*login_);
    task.notes.emplace_back("Each user logs in once; {" + token + "} is its token from then on.");
    task.extract.push_back({token, {login->token}});
    draft_.start.push_back(std::move(task));
  }

  void add_task(const ApiOperation& operation) {
    const auto parts = path_parts(operation.path);
    const auto ids = static_cast<std::size_t>(std::ranges::count_if(parts, &PathPart::is_parameter));
    const auto needed = draft_.start.size() + draft_.tasks.size() + ids + 1;  // each id may need a step
    if (needed > most_tasks) {
      ++left_out_;
      return;
    }
    auto task = make(operation);
    if (operation.method == "GET") task.weight = read_weight;
    if (operation.deprecated) {
      task.off = true;
      task.notes.emplace_back("off: deprecated");
    }
    if (operation.method == "DELETE") {
      task.off = true;
      task.notes.emplace_back("off: it destroys; take the # away where it may");
    }
    places_.emplace_back(&operation, draft_.tasks.size());
    draft_.tasks.push_back(std::move(task));
  }

  DraftTask make(const ApiOperation& operation) {
    return tasks_.make(
        operation, [&](const std::vector<PathPart>& path, std::size_t part) { return id_of(path, part); });
  }

  /// `{order_id}`, which a step of the start takes out of the answer to its POST.
  std::optional<std::string> id_of(const std::vector<PathPart>& path, std::size_t part) {
    const auto collection = collection_of(path, part);
    if (collection.empty()) return std::nullopt;
    auto known = made_.find(collection);
    if (known == made_.end()) known = made_.emplace(collection, make_one(collection, path[part].text)).first;
    if (!known->second) return std::nullopt;
    return fmt::format("{{{}}}", known->second->variable);
  }

  std::optional<Made> make_one(const std::string& collection, std::string_view parameter) {
    const auto maker = makers_.find(collection);
    if (maker == makers_.end() || draft_.start.size() >= most_tasks / 2) return std::nullopt;
    const auto place = id_place(*maker->second, parameter);
    if (place.empty()) return std::nullopt;
    auto task = make(*maker->second);  // which makes what it is part of first
    if (task.off) return std::nullopt;
    const bool is_plain = parameter == "id" || parameter == "uuid" || parameter == "key";
    Made made{names_.take(is_plain ? id_name(collection) : std::string(parameter)), place};
    task.name = "start: " + task.name;
    task.notes.emplace_back("Each user works on one of its own: {" + made.variable + "}.");
    task.extract.push_back({made.variable, {place}});
    draft_.start.push_back(std::move(task));
    return made;
  }

  /// Where the answer to a POST has the new id, as a JSON Pointer; empty: nowhere.
  std::string id_place(const ApiOperation& maker, std::string_view parameter) const {
    if (!maker.answer) return {};
    const SchemaParts answer(document_, maker.answer->schema);
    const std::array<std::string_view, 4> names{"id", parameter, "_id", "uuid"};
    for (const auto name : names) {
      if (answer.property(name) != nullptr) return pointer_part(name);
    }
    const SchemaParts inner(document_, answer.property("data"));
    for (const auto name : names) {
      if (inner.property(name) != nullptr) return pointer_part("data") + pointer_part(name);
    }
    return {};
  }

  /// A POST among the tasks gives its user a new id, too: the one before may be gone.
  void take_new_ids() {
    for (const auto& [operation, place] : places_) {
      if (operation->method != "POST") continue;
      const auto made = made_.find(without_names(operation->path));
      if (made == made_.end() || !made->second) continue;
      draft_.tasks[place].extract.push_back({made->second->variable, {made->second->place}});
    }
  }

  void add_notes() {
    const auto* info = member(&document_.root(), "info");
    const auto title = fmt::format("{} {}", cut_name(as_text(member(info, "title"))),
                                   cut_name(as_text(member(info, "version"))));
    draft_.description = title == " " ? "From an OpenAPI document" : title;
    auto& notes = draft_.notes;
    notes.push_back(fmt::format("Written by troupe scenario new --from-openapi {}", source_));
    notes.push_back(
        fmt::format("It has {} operations; docs/reference/simulator.md tells what can be changed here.",
                    operations_.size()));
    notes.push_back("");
    notes.push_back(fmt::format(
        "A read weighs {}, a write 1: most services are read far more often than written. Put", read_weight));
    notes.emplace_back("in the shares that yours has; what a task must not do, take away.");
    if (!base_path_.empty()) {
      notes.push_back(
          fmt::format("Paths begin with {}, as the document's first server has it: --target is", base_path_));
      notes.emplace_back("scheme, host and port alone.");
    }
    if (left_out_ > 0) {
      notes.push_back(
          fmt::format("{} operations are left out: a scenario has {} tasks at most.", left_out_, most_tasks));
    }
  }

  const JsonDocument& document_;
  ScenarioDraft draft_;
  DraftNames names_;
  std::vector<ApiOperation> operations_;
  std::string base_path_;
  ApiTasks tasks_;
  std::string_view source_;
  const ApiOperation* login_ = nullptr;
  std::map<std::string, const ApiOperation*> makers_;  ///< by the collection's path
  std::map<std::string, std::optional<Made>> made_;    ///< the same; nothing: there is no way to make one
  std::vector<std::pair<const ApiOperation*, std::size_t>> places_;  ///< of operations among the tasks
  std::size_t left_out_ = 0;
};

}  // namespace

Result<std::string> scenario_of_openapi(std::string_view document, std::string_view source) {
  const auto read = JsonDocument::parse(document, "an OpenAPI document");
  if (!read) return read.error();
  const auto& root = read->root();
  if (member(&root, "swagger") != nullptr)
    return invalid("is Swagger 2.0: convert it to OpenAPI 3 first, as with npx swagger2openapi FILE");
  if (as_text(member(&root, "openapi")).empty())
    return invalid("is not an OpenAPI document: it has no member openapi");
  return OpenApiImport(*read, source).write();
}

}  // namespace troupe::sim
