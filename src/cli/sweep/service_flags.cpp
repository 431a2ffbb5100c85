#include "cli/sweep/service_flags.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <sstream>

#include "support/conninfo_secrets.hpp"
#include "support/parse.hpp"
#include "sweep/plan/command_template.hpp"
#include "sweep/run/readiness.hpp"

namespace troupe::cli {
namespace {

constexpr const char* group = "A service that is not ours";
constexpr Duration usual_timeout = std::chrono::seconds(60);
constexpr std::uint64_t most_output = 1 << 30;

Result<sweep::Axis> read_service_axis(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == text.npos)
    return invalid(fmt::format("--axis '{}': write NAME=LIST, as in --axis pool=4,8,16", text));
  const auto name = sweep::service_axis_name(text.substr(0, equals));
  if (!name) return name.error();
  std::vector<std::string> values;
  std::istringstream in(text.substr(equals + 1));
  for (std::string value; std::getline(in, value, ',');) values.push_back(value);
  if (text.back() == ',' || text.back() == '=') values.emplace_back();
  auto axis = sweep::read_axis("--axis " + text.substr(0, equals), values);
  if (!axis) return axis.error();
  axis->name = *name;
  return axis;
}

/// The records keep commands and URLs.
Result<void> refuse_secrets(const char* flag, const std::string& text) {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto url = word.find("://");
    if (url == word.npos) continue;
    const auto begin = word.find_last_of("='\"(", url);
    const auto bare = word.substr(begin == word.npos ? 0 : begin + 1);
    if (without_password(bare) == bare) continue;
    return invalid(
        fmt::format("{} holds a password, and the records keep it: put it into a variable of the "
                    "environment, and write \"$NAME\"",
                    flag));
  }
  return {};
}

Result<void> read_times(const ServiceFlags& flags, sweep::Service& service) {
  const auto read = [](const char* flag, const auto& given, sim::Seconds& to) -> Result<void> {
    to = usual_timeout;
    if (!given) return {};
    const auto length = sweep::read_length(flag, *given, false);
    if (!length) return length.error();
    to = *length;
    return {};
  };
  if (const auto done = read("--before-timeout", flags.before_timeout, service.command_timeout); !done)
    return done;
  return read("--ready-timeout", flags.ready_timeout, service.ready_timeout);
}

Result<void> read_output(const ServiceFlags& flags, sweep::Service& service) {
  service.command_output = sweep::usual_command_output;
  if (!flags.before_output) return {};
  const auto size = parse_size(*flags.before_output);
  if (!size || *size < sweep::least_command_output || *size > most_output)
    return invalid(
        fmt::format("--before-output must be a size from 4KiB to 1GiB, not '{}'", *flags.before_output));
  service.command_output = *size;
  return {};
}

std::vector<std::string> shown_headers(const std::vector<std::string>& headers) {
  std::vector<std::string> shown;
  for (const auto& header : headers) shown.push_back(shown_header(header));
  return shown;
}

}  // namespace

void ServiceFlags::add_to(CLI::App& app) {
  const auto text = [&](const char* flag, std::optional<std::string>& to, const char* value,
                        const char* help) {
    app.add_option(flag, to, help)->type_name(value)->group(group)->take_last();
  };
  text("--target", target, "URL", "sweep this instead: http://HOST:PORT, https://HOST:PORT or unix:/PATH");
  app.add_option("--axis", axes,
                 "what is varied of it, as pool=4,8,16; again and again, what costs most first")
      ->type_name("NAME=LIST")
      ->group(group)
      ->allow_extra_args(false)
      ->take_all();
  text("--before", before, "COMMAND",
       "for /bin/sh, before each repeat: starts the service so; {NAME} is the axis' value");
  text("--after", after, "COMMAND", "the same, after each repeat, whatever became of it");
  text("--before-timeout", before_timeout, "TIME", "for --before to end, and for --after (60s)");
  text("--ready", ready, "URL", "what answers 2xx or 3xx once it is ready; without it, the target's port");
  text("--ready-timeout", ready_timeout, "TIME", "for that (60s)");
  text("--cpu-of", cpu_of, "WHOM",
       "tell its CPU time, with its children's: port (who listens there), process:NAME, or a file with a "
       "process id");
  text(
      "--before-output", before_output, "SIZE",
      "what commands.log keeps of what --before writes, and --after, with what they leave running: the first "
      "and the last of it (1MiB)");
  client.add_to(app, group);
  fields.add_to(app, group);
}

std::string ServiceFlags::given_without_target() const {
  if (target) return {};
  if (auto flag = given_of_plan(); !flag.empty()) return flag;
  if (!fields.headers.empty()) return "--header";
  return fields.bearer_env ? "--bearer-env" : "";
}

std::string ServiceFlags::given_of_plan() const {
  const std::pair<const char*, bool> given[] = {
      {"--axis", !axes.empty()},        {"--before", before.has_value()},
      {"--after", after.has_value()},   {"--before-timeout", before_timeout.has_value()},
      {"--ready", ready.has_value()},   {"--ready-timeout", ready_timeout.has_value()},
      {"--cpu-of", cpu_of.has_value()}, {"--cacert", !client.options.tls.ca_file.empty()},
      {"--insecure", client.insecure},  {"--resolve", !client.options.resolve.empty()},
      {"--no-check", client.no_check},  {"--before-output", before_output.has_value()},
  };
  const auto found = std::ranges::find_if(given, [](const auto& flag) { return flag.second; });
  return found != std::end(given) ? found->first : "";
}

Result<void> add_service(const ServiceFlags& flags, sweep::Spec& spec) {
  if (!flags.target) return {};
  sweep::Service service;
  service.target = *flags.target;
  for (const auto& text : flags.axes) {
    auto axis = read_service_axis(text);
    if (!axis) return axis.error();
    if (spec.find(axis->name) != nullptr)
      return invalid(fmt::format("--axis {} is given twice: give one list", sweep::short_name(axis->name)));
    service.axes.push_back(axis->name);
    spec.set_axis(*std::move(axis));
  }
  service.before = flags.before.value_or("");
  service.after = flags.after.value_or("");
  service.ready = flags.ready.value_or("");
  service.cpu_of = flags.cpu_of.value_or("");
  service.ca_file = flags.client.options.tls.ca_file;
  service.insecure = flags.client.insecure;
  service.resolve = flags.client.options.resolve;
  service.no_check = flags.client.no_check;
  if (flags.cpu_of && (flags.cpu_of->empty() || *flags.cpu_of == "process:"))
    return invalid("--cpu-of must be port, process:NAME or a file with a process id");
  if (!service.ready.empty()) {
    if (const auto known = sweep::check_ready_url(service.ready); !known) return known;
  }
  for (const auto& [flag, text] :
       {std::pair("--before", &service.before), std::pair("--after", &service.after)}) {
    if (const auto done = refuse_secrets(flag, *text); !done) return done;
  }
  if (const auto done = sweep::check_commands(service); !done) return done;
  if (const auto done = read_times(flags, service); !done) return done;
  if (const auto done = read_output(flags, service); !done) return done;
  auto fields = flags.fields.fields();
  if (!fields) return fields.error();
  spec.fields = *std::move(fields);
  service.headers = shown_headers(flags.fields.headers);
  service.bearer_env = flags.fields.bearer_env;
  spec.service = std::move(service);
  return {};
}

Result<void> take_fields(const ServiceFlags& flags, sweep::Spec& spec) {
  if (!spec.service) {
    if (flags.fields.headers.empty()) return {};
    return invalid("--header is about a service that is not ours: this sweep is of a server of our own");
  }
  const auto begun = spec.service->headers.value_or(std::vector<std::string>{});
  FieldFlags said{flags.fields.headers, spec.service->bearer_env};
  if (said.headers.empty()) {
    const auto secret = std::ranges::find_if(begun, [](const auto& text) { return text.ends_with(": ***"); });
    if (secret != begun.end())
      return invalid(
          fmt::format("this sweep was begun with --header '{}', which the records keep so: give "
                      "each --header again",
                      *secret));
    said.headers = begun;
  } else if (shown_headers(said.headers) != begun) {
    return invalid("this sweep was begun with another --header: give each as it was");
  }
  auto fields = said.fields();
  if (!fields) return fields.error();
  spec.fields = *std::move(fields);
  return {};
}

std::vector<std::string> service_notes(const sweep::Service& service) {
  std::vector<std::string> notes;
  for (const auto& axis : sweep::axes_not_named(service)) {
    notes.push_back(fmt::format(
        "no command names {{{0}}}: cells with another {0} were measured on the same service", axis));
  }
  return notes;
}

}  // namespace troupe::cli
