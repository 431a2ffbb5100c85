#include "sim/import/har_task.hpp"

#include "support/iequals.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace troupe::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t most_values = 100;  // of a list that is drawn from
constexpr std::size_t longest_seen_value = 4 * 1024;
constexpr std::size_t most_status = 10;
constexpr std::array<std::string_view, 3> dropped_fields{"x-forwarded-", "x-real-", "x-client-data"};

bool begins_with(std::string_view text, std::string_view beginning) {
  return iequals(text.substr(0, beginning.size()), beginning);
}

std::string_view field_of(const HarRequest& request, std::string_view name) {
  for (const auto& [field, value] : request.headers) {
    if (iequals(field, name)) return value;
  }
  return {};
}

/// A field that the recorded browser sent because the application wants it.
bool is_of_application(std::string_view name, std::string_view value) {
  if (iequals(name, "accept")) return begins_with(value, "application/");
  return begins_with(name, "x-") && std::ranges::none_of(dropped_fields, [&](std::string_view dropped) {
           return begins_with(name, dropped);
         });
}

/// The different values, in order.
void add_new(std::vector<std::string>& values, std::string_view value) {
  if (values.size() == most_values || value.size() > longest_seen_value) return;
  if (std::ranges::find(values, value) == values.end()) values.emplace_back(value);
}

}  // namespace

HarAuth auth_of(const HarRequest& request) {
  const auto value = field_of(request, "authorization");
  if (begins_with(value, "bearer ")) return HarAuth::bearer;
  return begins_with(value, "basic ") ? HarAuth::basic : HarAuth::none;
}

std::string_view bearer_of(const HarRequest& request) {
  if (auth_of(request) != HarAuth::bearer) return {};
  return field_of(request, "authorization").substr(std::string_view("bearer ").size());
}

DraftTask HarTasks::make(const HarGroup& group, bool all_bear) {
  const auto& first = *group.requests.front();
  DraftTask task;
  task.method = first.method;
  task.path = path_of(group, task);
  task.name = fmt::format("{} {}", task.method, task.path);
  const auto times = group.requests.size();
  task.notes.push_back(times == 1 ? fmt::format("seen once, as request {}", group.first)
                                  : fmt::format("seen {} times, first as request {}", times, group.first));
  add_query(group, task);
  add_headers(first, all_bear, task);
  add_body(group, task);
  add_status(group, task);
  if (first.method == "DELETE") {
    task.off = true;
    task.notes.emplace_back("off: it destroys, and what it named is gone; take the # away where it may");
  }
  return task;
}

std::string HarTasks::path_of(const HarGroup& group, DraftTask& task) {
  std::string out, collection;
  for (std::size_t i = 0; i < group.segments.size(); ++i) {
    const auto& [text, kind] = group.segments[i];
    out += '/';
    task.path = out;  // for what fill-ins tell
    if (kind == HarSegment::Kind::literal) {
      out += text;
      collection = text;
    } else if (kind == HarSegment::Kind::secret) {
      out += fill_in(collection.empty() ? "token" : collection + "_token", task);
    } else {
      std::vector<std::string> seen;
      for (const auto* request : group.requests) add_new(seen, har_segments(request->path, secrets_)[i].text);
      out += names_.one_of(id_name(collection), std::move(seen), task);
    }
  }
  return out;
}

void HarTasks::add_query(const HarGroup& group, DraftTask& task) {
  const auto& first = *group.requests.front();
  std::set<std::string_view> done;
  for (const auto& [name, value] : first.query) {
    if (!done.insert(name).second || secrets_.has(name)) continue;
    const bool repeats = std::ranges::count(first.query, name, &HarPairs::value_type::first) > 1;
    if (repeats) {
      for (const auto& [other, its_value] : first.query) {
        if (other == name) add_value(task.query, name, one_value(name, its_value, task));
      }
      continue;
    }
    std::vector<std::string> seen;
    bool secret = false;
    for (const auto* request : group.requests) {
      for (const auto& [other, its_value] : request->query) {
        if (other != name) continue;
        secret = secret || secrets_.is_secret(name, its_value) || looks_random(its_value) ||
                 is_of_oauth(request->query, name, its_value);
        add_new(seen, its_value);
      }
    }
    const bool several = !secret && seen.size() > 1;
    add_value(task.query, name,
              secret    ? fill_in(name, task)
              : several ? names_.one_of(name, std::move(seen), task)
                        : one_value(name, value, task));
  }
}

void HarTasks::add_headers(const HarRequest& request, bool all_bear, DraftTask& task) {
  const auto auth = auth_of(request);
  if (all_bear && auth != HarAuth::bearer) task.auth = DraftAuth{};
  if (auth == HarAuth::basic) {
    task.auth = DraftAuth{.bearer = {},
                          .user = names_.fill_in("username", "for Authorization: Basic"),
                          .password = names_.fill_in("password", "for Authorization: Basic")};
  }
  for (const auto& [name, value] : request.headers) {
    if (iequals(name, "authorization")) {
      if (auth == HarAuth::none) {  // of a scheme of its own
        task.auth.reset();
        add_field(task.headers, "Authorization", fill_in("Authorization", task));
      }
    } else if (iequals(name, "cookie") || begins_with(name, ":") || begins_with(name, "sec-")) {
      continue;  // told once for all; of HTTP/2; of the browser
    } else if (secrets_.is_secret(name, value) || (is_of_application(name, value) && looks_random(value))) {
      add_field(task.headers, name, fill_in(name, task));
    } else if (is_of_application(name, value) && value.size() <= longest_seen_value) {
      add_field(task.headers, name, names_.literal(value, task));
    }
  }
}

void HarTasks::add_body(const HarGroup& group, DraftTask& task) {
  const auto& body = group.requests.front()->body;
  if (body.kind == HarBody::Kind::other) {
    task.off = true;
    task.notes.emplace_back("off: its body was neither JSON nor a form; give it one");
  } else if (body.kind == HarBody::Kind::form) {
    for (const auto& [name, value] : body.form) {
      add_value(task.form, name,
                is_of_oauth(body.form, name, value) ? fill_in(name, task) : one_value(name, value, task));
    }
  } else if (body.kind == HarBody::Kind::json) {
    append_json(body.json, "", task, task.body);
    if (!body.type.starts_with("application/json"))
      add_field(task.headers, "Content-Type", names_.literal(body.type, task));
  }
  if (body.kind != HarBody::Kind::json && body.kind != HarBody::Kind::form) return;
  if (task.body.size() > longest_body) {
    task.body.clear();
    task.off = true;
    task.notes.push_back(fmt::format("off: its body was larger than {} KiB", longest_body / 1024));
  }
  const bool differ = std::ranges::any_of(group.requests, [&](const HarRequest* other) {
    return other->body.json != body.json || other->body.form != body.form;
  });
  if (differ) task.notes.emplace_back("its body is the first of several that were seen");
}

void HarTasks::add_status(const HarGroup& group, DraftTask& task) {
  std::set<int> seen;
  for (const auto* request : group.requests) {
    if (request->status != 0 && request->status != 304) seen.insert(request->status);  // 304: of a cache
  }
  if (seen.size() > most_status || std::ranges::all_of(seen, [](int code) { return code / 100 == 2; }))
    return;
  task.status.assign(seen.begin(), seen.end());
}

void HarTasks::append_json(const json::value& value, std::string_view name, const DraftTask& task,
                           std::string& out) {
  if (out.size() > longest_body) return;  // then it is not written
  const bool plain = value.is_null() || value.is_bool();
  const bool secret_text = value.is_string() && secrets_.has(value.get_string());
  if (!plain && (secret_text || is_secret_name(name))) {
    out += '"' + fill_in(name.empty() ? "value" : name, task) + '"';
  } else if (const auto* object = value.if_object()) {
    out += '{';
    for (const auto& one : *object) {
      if (&one != object->begin()) out += ", ";
      out += json_literal(json_text(json::string(one.key()))) + ": ";
      append_json(one.value(), one.key(), task, out);
    }
    out += '}';
  } else if (const auto* list = value.if_array()) {
    out += '[';
    for (const auto& one : *list) {
      if (&one != list->begin()) out += ", ";
      append_json(one, name, task, out);
    }
    out += ']';
  } else {
    out += json_literal(json_text(value));
  }
}

std::string HarTasks::fill_in(std::string_view name, const DraftTask& task) {
  return names_.fill_in(name, fmt::format("{} of {} {}", cut_name(name), task.method, cut_name(task.path)));
}

std::string HarTasks::one_value(std::string_view name, std::string_view value, DraftTask& task) {
  if (secrets_.is_secret(name, value) || value.size() > longest_seen_value) return fill_in(name, task);
  return names_.literal(value, task);
}

}  // namespace troupe::sim
