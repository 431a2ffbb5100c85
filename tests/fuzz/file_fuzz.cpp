// Files that people write (TOML) and files that runs and sweeps leave: each ends in what it says, or in one
// line that names the fault.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "fuzz/fuzz_target.hpp"
#include "schema/file/declared_table.hpp"
#include "schema/file/resource_file.hpp"
#include "sim/record/run_record.hpp"
#include "sim/result/results_io.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "support/settings_load.hpp"
#include "sweep/plan/spec.hpp"
#include "sweep/records/record_file.hpp"

namespace troupe::fuzz {
namespace {

std::string try_settings(std::string_view input) {
  const auto loaded = merge_settings({}, {}, ConfigFile{"troupe.toml", std::string(input)});
  return loaded ? "" : fault_of_message(loaded.error().message);
}

std::string try_resource_file(std::string_view input) {
  const auto file = schema::parse_resource_file(std::string(input), "shop.toml");
  if (!file) return fault_of_message(file.error().message);
  for (const auto& entry : file->resources) {
    if (!entry.create) continue;
    const auto resource = schema::declared_resource(entry, "shop.toml");
    if (!resource) return fault_of_message(resource.error().message);
    if (schema::create_table_sql(entry, resource->table).empty()) return "a table without SQL";
  }
  return {};
}

std::string try_scenario(std::string_view input) {
  // What files it names, it is not to find: a folder that is not there.
  if (input.find("/dev/") != std::string_view::npos) return {};
  const auto scenario = sim::parse_scenario(input, "/nowhere/new.toml");
  return scenario ? "" : fault_of_message(scenario.error().message);
}

std::string try_sweep_file(std::string_view input) {
  const auto spec = sweep::parse_spec(input, "sweep.toml");
  return spec ? "" : fault_of_message(spec.error().message);
}

std::string try_result(std::string_view input) {
  const auto result = sim::read_result(input);
  if (!result) return fault_of_message(result.error().message);
  const auto written = sim::write_msgpack(*result);
  const auto again = sim::read_msgpack(written);
  if (!again) return "what was read cannot be read again: " + again.error().message;
  return sim::write_msgpack(*again) == written ? "" : "what is written again is another result";
}

std::string try_run_record(std::string_view input) {
  const auto result = sim::read_run_record(input);
  return result ? "" : fault_of_message(result.error().message);
}

/// A file of this process, which is gone with it.
const std::filesystem::path& own_file() {
  struct File {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("troupe-fuzz-" + std::to_string(::getpid()) + ".msgpack");
    ~File() { std::filesystem::remove(path); }
  };
  static const File file;
  return file.path;
}

std::string try_sweep_record(std::string_view input) {
  std::ofstream(own_file(), std::ios::binary) << input;
  const auto sweep = sweep::read_sweep(own_file());
  return sweep ? "" : fault_of_message(sweep.error().message);
}

const std::vector<std::string_view> toml_pieces{"[",  "]",   "[[",  "]]", " = ",  "\n",
                                                "\"", "'''", "{",   "}",  "#",    "1979-05-27T07:32:00Z",
                                                "0x", "inf", "nan", "-1", "true", "\\u0000"};
const std::vector<std::string_view> msgpack_pieces{"\x80",
                                                   "\x90",
                                                   "\xc0",
                                                   "\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
                                                   "\xdd\xff\xff\xff\xff",
                                                   "\xdf\xff\xff\xff\xff",
                                                   "\xcb\x7f\xf8\xff\xff\xff\xff\xff\xff"};

const Register settings_target({"settings", try_settings, toml_pieces});
const Register resource_file_target({"resource_file", try_resource_file, toml_pieces});
const Register scenario_target({"scenario", try_scenario, toml_pieces});
const Register sweep_file_target({"sweep_file", try_sweep_file, toml_pieces});
const Register result_target({"result", try_result, msgpack_pieces});
const Register run_record_target({"run_record", try_run_record, msgpack_pieces});
const Register sweep_record_target({"sweep_record", try_sweep_record, msgpack_pieces});

}  // namespace
}  // namespace troupe::fuzz
