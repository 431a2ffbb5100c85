#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>

#include "support/settings_load.hpp"
#include "support/settings_print.hpp"
#include "support/settings_table.hpp"

using namespace std::chrono_literals;
using namespace troupe;

namespace {

ConfigFile file(std::string text) {
  return {"troupe.toml", std::move(text)};
}

/// The one line that merging fails with, or "" when it does not fail.
std::string fault(const FlagValues& flags, const Environment& environment = {},
                  const std::optional<ConfigFile>& config = std::nullopt) {
  const auto loaded = merge_settings(flags, environment, config);
  return loaded ? "" : loaded.error().message;
}

std::string value_of(const LoadedSettings& loaded, std::string_view key) {
  return find_setting(key)->read(loaded.settings);
}

}  // namespace

TEST_CASE("every setting has a key, flag and environment name of its own", "[settings]") {
  std::set<std::string> keys, flags, names;
  for (const auto& setting : settings_table()) {
    CAPTURE(setting.key);
    CHECK(std::regex_match(std::string(setting.key), std::regex("[a-z_]+\\.[a-z_]+")));
    CHECK(std::regex_match(std::string(setting.flag), std::regex("--[a-z]+(-[a-z]+)*")));
    CHECK(keys.emplace(setting.key).second);
    CHECK(flags.emplace(setting.flag).second);
    CHECK(names.insert(environment_name(setting.key)).second);
    CHECK_FALSE(setting.help.empty());
  }
  CHECK(environment_name("server.port") == "TROUPE_SERVER_PORT");
}

TEST_CASE("every default is a value its own row allows", "[settings]") {
  const Settings defaults;
  for (const auto& setting : settings_table()) {
    Settings settings;
    CAPTURE(setting.key, setting.read(defaults));
    CHECK(setting.write(settings, setting.read(defaults)));
    CHECK(setting.read(settings) == setting.read(defaults));
  }
}

TEST_CASE("a setting takes the values its help promises", "[settings]") {
  struct Row {
    std::string_view key, text, stored;
  };
  const auto row = GENERATE(values<Row>({{"server.host", "::1", "::1"},
                                         {"server.port", "0", "0"},
                                         {"server.port", "65535", "65535"},
                                         {"server.allowed_hosts", "auto", "auto"},
                                         {"server.allowed_hosts", "shop.example,[::1]", "shop.example,[::1]"},
                                         {"server.user", "", ""},
                                         {"server.user", "www-data", "www-data"},
                                         {"server.connection_actors", "per-connection", "per-connection"},
                                         {"server.connection_actors", "1", "1"},
                                         {"server.server_timing", "true", "true"},
                                         {"server.max_connections", "1000000", "1000000"},
                                         {"server.header_limit", "8192", "8KiB"},
                                         {"server.body_limit", "1GiB", "1GiB"},
                                         {"server.memory_limit", "1048576", "1MiB"},
                                         {"server.min_rate", "1", "1B"},
                                         {"server.idle_timeout", "1m15s", "75s"},
                                         {"server.request_timeout", "1ms", "1ms"},
                                         {"server.shutdown_timeout", "0s", "0ms"},
                                         {"workers.count", "auto", "auto"},
                                         {"workers.count", "1024", "1024"},
                                         {"workers.scheduler", "stealing", "stealing"},
                                         {"workers.scheduler", "sharing", "sharing"},
                                         {"database.url", "postgres://h", "postgres://h"},
                                         {"database.table", "shop.items", "shop.items"},
                                         {"database.pool_size", "auto", "auto"},
                                         {"database.batching", "pipeline", "pipeline"},
                                         {"database.batching", "off", "off"},
                                         {"database.execution", "blocking", "blocking"},
                                         {"database.execution", "detached", "detached"},
                                         {"tls.mode", "self-signed", "self-signed"},
                                         {"database.read_timeout", "0s", "0ms"},
                                         {"limits.trusted_proxies", "", ""},
                                         {"limits.trusted_proxies", "10.0.0.0/8, ::1", "10.0.0.0/8, ::1"},
                                         {"limits.client_rate", "0.5", "0.5"},
                                         {"limits.client_rate", "1000", "1000"},
                                         {"limits.client_memory", "0", "0B"},
                                         {"limits.max_offset", "9223372036854775807", "9223372036854775807"},
                                         {"log.level", "off", "off"}}));
  CAPTURE(row.key, row.text);
  Settings settings;
  REQUIRE(set_setting(settings, row.key, row.text).has_value());
  CHECK(find_setting(row.key)->read(settings) == row.stored);
}

TEST_CASE("a setting refuses what is out of its bounds and stays as it was", "[settings]") {
  struct Row {
    std::string_view key, text;
  };
  const auto row = GENERATE(values<Row>({{"server.host", ""},
                                         {"server.host", "a b"},
                                         {"server.user", "a b"},
                                         {"server.user", "a:b"},
                                         {"server.allowed_hosts", ""},
                                         {"server.allowed_hosts", "a,"},
                                         {"server.allowed_hosts", "shop.example:443"},
                                         {"server.allowed_hosts", "::1"},
                                         {"server.port", "65536"},
                                         {"server.port", "-1"},
                                         {"server.port", "http"},
                                         {"server.connection_actors", "0"},
                                         {"server.connection_actors", "auto"},
                                         {"server.server_timing", "yes"},
                                         {"server.max_connections", "0"},
                                         {"server.header_limit", "255"},
                                         {"server.body_limit", "2GiB"},
                                         {"server.memory_limit", "1023KiB"},
                                         {"server.min_rate", "0"},
                                         {"server.idle_timeout", "75"},
                                         {"server.request_timeout", "0s"},
                                         {"server.request_timeout", "25h"},
                                         {"workers.count", "0"},
                                         {"workers.count", "1025"},
                                         {"workers.count", "per-connection"},
                                         {"workers.scheduler", "Worker"},
                                         {"workers.scheduler", ""},
                                         {"database.url", "mysql://h"},
                                         {"database.url", "host=h"},
                                         {"database.data_dir", "a\nb"},
                                         {"database.table", ""},
                                         {"database.table", "a.b.c"},
                                         {"database.table", "a."},
                                         {"database.table", "it\"ems"},
                                         {"database.pool_size", "1001"},
                                         {"database.batching", "on"},
                                         {"database.execution", "sync"},
                                         {"database.queue_limit", "0"},
                                         {"server.header_fields", "0"},
                                         {"limits.trusted_proxies", "10.0.0.1/8"},
                                         {"limits.trusted_proxies", "proxy.example"},
                                         {"limits.client_rate", "-1"},
                                         {"limits.client_rate", "10/s"},
                                         {"limits.clients", "0"},
                                         {"limits.max_offset", "9223372036854775808"},
                                         {"log.level", "loud"}}));
  CAPTURE(row.key, row.text);
  Settings settings;
  const auto before = find_setting(row.key)->read(settings);
  const auto done = set_setting(settings, row.key, row.text);
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == ErrorCode::invalid_argument);
  CHECK_THAT(done.error().message, Catch::StartsWith(std::string(row.key) + " must be "));
  CHECK(find_setting(row.key)->read(settings) == before);
}

TEST_CASE("an unknown setting is refused with the nearest one", "[settings]") {
  Settings settings;
  CHECK(set_setting(settings, "server.prot", "1").error().message ==
        "unknown setting server.prot; did you mean server.port?");
  CHECK(set_setting(settings, "x", "1").error().message ==
        "unknown setting x; --print-config lists them all");
}

TEST_CASE("a flag beats the environment, which beats the file, which beats the default", "[settings]") {
  const auto config = file("[server]\nport = 1\nhost = \"file\"\n[workers]\ncount = 3\n");
  const Environment environment{
      {"TROUPE_SERVER_PORT", "2"}, {"TROUPE_SERVER_HOST", "environment"}, {"PATH", "/bin"}};
  const auto loaded = merge_settings({{"server.port", "3"}}, environment, config);
  REQUIRE(loaded.has_value());
  struct Row {
    std::string key, value, origin;
    Source source;
  };
  const auto row = GENERATE(
      values<Row>({{"server.port", "3", "flag --port", Source::flag},
                   {"server.host", "environment", "environment TROUPE_SERVER_HOST", Source::environment},
                   {"workers.count", "3", "file troupe.toml:5", Source::file},
                   {"database.table", "items", "default", Source::standard}}));
  CAPTURE(row.key);
  CHECK(value_of(*loaded, row.key) == row.value);
  CHECK(loaded->origins.at(row.key).text == row.origin);
  CHECK(loaded->origins.at(row.key).source == row.source);
}

TEST_CASE("DATABASE_URL is taken unless empty, and TROUPE_DATABASE_URL is stronger", "[settings]") {
  struct Row {
    Environment environment;
    std::string url, origin;
  };
  const auto row = GENERATE(values<Row>({
      {{{"DATABASE_URL", "postgres://a"}}, "postgres://a", "environment DATABASE_URL"},
      {{{"DATABASE_URL", "postgres://a"}, {"TROUPE_DATABASE_URL", "postgres://b"}},
       "postgres://b",
       "environment TROUPE_DATABASE_URL"},
      {{{"DATABASE_URL", "mysql://other"}, {"TROUPE_DATABASE_URL", ""}},
       "",
       "environment TROUPE_DATABASE_URL"},
      {{{"DATABASE_URL", ""}}, "postgres://file", "file troupe.toml:2"},
  }));
  const auto loaded = merge_settings({}, row.environment, file("[database]\nurl = \"postgres://file\""));
  REQUIRE(loaded.has_value());
  CHECK(loaded->settings.database.url == row.url);
  CHECK(loaded->origins.at("database.url").text == row.origin);
}

TEST_CASE("a fault in the file is one line with file, line, key and what is allowed", "[settings]") {
  struct Row {
    std::string text, message;
  };
  const auto row = GENERATE(values<Row>({
      {"[server]\n\nprot = 1", "troupe.toml:3: unknown key server.prot; did you mean port?"},
      {"[workers]\npool_size = 3",
       "troupe.toml:2: unknown key workers.pool_size; did you mean database.pool_size?"},
      {"[workers]\nzzzzzz = 3",
       "troupe.toml:2: unknown key workers.zzzzzz; [workers] takes count, scheduler, io or wakeups"},
      {"port = 1", "troupe.toml:1: unknown key port outside a table; did you mean server.port?"},
      {"[sever]\nport = 1", "troupe.toml:1: unknown table [sever]; did you mean [server]?"},
      {"[zzz]",
       "troupe.toml:1: unknown table [zzz]; it must be server, workers, database, tls, auth, limits, log, "
       "cors, "
       "admin or access_log"},
      {"server = 3", "troupe.toml:1: server must be a table: [server]"},
      {"[server]\nport = 70000",
       "troupe.toml:2: server.port must be a whole number from 0 to 65535, not '70000'"},
      {"[server]\nport = \"80\"",
       "troupe.toml:2: server.port must be a whole number from 0 to 65535, not the string '80'"},
      {"[server]\nport = [1]",
       "troupe.toml:2: server.port must be a whole number from 0 to 65535, not the array"},
      {"[server]\nserver_timing = 1",
       "troupe.toml:2: server.server_timing must be true or false, not the integer 1"},
      {"[workers]\ncount = \"many\"",
       "troupe.toml:2: workers.count must be \"auto\" or a whole number from 1 to 1024, not 'many'"},
      {"[server]\nidle_timeout = 75",
       "troupe.toml:2: server.idle_timeout must be a duration from 1ms to 24h, like \"250ms\", \"10s\" or "
       "\"1m\", not the integer 75"},
      {"[server]\nbody_limit = \"1MB\"",
       "troupe.toml:2: server.body_limit must be a size from 1B to 1GiB, like \"16KiB\", not '1MB'"},
      {"[database]\nbatching = \"on\"",
       "troupe.toml:2: database.batching must be coalesce, pipeline or off, not 'on'"},
  }));
  CHECK(fault({}, {}, file(row.text)) == row.message);
}

TEST_CASE("text that is not TOML is refused with file and line", "[settings]") {
  const auto text = GENERATE(as<std::string>{}, "[server]\nport = ", "[server]\nhost = \"a", "[server\n",
                             "[log]\nlevel = \"a\"\nlevel = \"b\"");
  const auto message = fault({}, {}, file(text));
  CAPTURE(message);
  CHECK(std::regex_search(message, std::regex("^troupe\\.toml:[123]: not valid TOML: ")));
  CHECK(message.find('\n') == std::string::npos);
}

TEST_CASE("a fault in the environment or in a flag names the variable or the flag", "[settings]") {
  CHECK(
      fault({}, {{"TROUPE_SERVER_PORT", "x"}}) ==
      "environment variable TROUPE_SERVER_PORT: server.port must be a whole number from 0 to 65535, not 'x'");
  CHECK(fault({}, {{"TROUPE_SERVER_PROT", "1"}}) ==
        "environment variable TROUPE_SERVER_PROT: no such setting; did you mean TROUPE_SERVER_PORT?");
  CHECK_THAT(fault({}, {{"TROUPE_X", "1"}}),
             Catch::StartsWith("environment variable TROUPE_X: no such setting; "));
  CHECK(fault({{"workers.scheduler", "fifo"}}) ==
        "--scheduler: workers.scheduler must be worker, stealing or sharing, not 'fifo'");
}

TEST_CASE("settings that contradict each other are refused with both origins", "[settings]") {
  CHECK(fault({{"database.data_dir", "/data"}}, {{"DATABASE_URL", "postgres://h"}}) ==
        "database.data_dir (flag --data-dir) is for the embedded cluster, but database.url (environment "
        "DATABASE_URL) "
        "names another server: leave one of them out");
  CHECK(fault({{"server.body_limit", "65MiB"}}) ==
        "server.memory_limit (default) must not be smaller than server.body_limit (flag --body-limit)");
  CHECK(fault({{"database.reconnect_min", "10s"}}) ==
        "database.reconnect_min (flag --reconnect-min) must not be longer than database.reconnect_max "
        "(default)");
}

TEST_CASE("a password in database.url is shown nowhere", "[settings]") {
  const auto url =
      GENERATE(as<std::string>{}, "postgresql://u:secret@h:5432/db", "postgresql://u:a/secret@h/db",
               "postgresql://u:a@secret@h/db", "postgresql://h/db?p%61ssword=secret");
  const auto loaded = merge_settings({{"database.url", url}}, {}, std::nullopt);
  REQUIRE(loaded.has_value());
  CHECK_THAT(print_settings(*loaded),
             Catch::Contains("url = \"" + without_password(url) + "\" ") && !Catch::Contains("secret"));
  CHECK_THAT(fault({{"database.url", "x" + url}}),
             Catch::StartsWith("--database-url: ") && !Catch::Contains("secret"));
}

TEST_CASE("the printed settings can be loaded again and say where each came from", "[settings]") {
  const FlagValues flags{{"server.server_timing", "true"},
                         {"server.connection_actors", "8"},
                         {"database.data_dir", "a \"b\" \\c"},
                         {"server.body_limit", "1000"},
                         {"workers.count", "2"},
                         {"server.idle_timeout", "90s"}};
  const auto loaded = merge_settings(flags, {}, std::nullopt);
  REQUIRE(loaded.has_value());
  const auto printed = print_settings(*loaded);
  const auto again = merge_settings({}, {}, file(printed));
  REQUIRE(again.has_value());
  for (const auto& setting : settings_table()) {
    CAPTURE(setting.key, printed);
    CHECK(setting.read(again->settings) == setting.read(loaded->settings));
    CHECK(again->origins.at(std::string(setting.key)).source == Source::file);
  }
  CHECK(std::regex_search(printed, std::regex("\nserver_timing = true +# flag --server-timing\n")));
  CHECK(std::regex_search(printed, std::regex("\nport = 8080 +# default\n")));
}

TEST_CASE("config/troupe.toml shows every key with its default, all commented out", "[settings]") {
  std::ifstream in(TROUPE_SOURCE_DIR "/config/troupe.toml");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  REQUIRE_FALSE(text.empty());
  REQUIRE(parse_config(file(text)).value().empty());

  const auto opened = std::regex_replace(text, std::regex("(^|\n)# ([a-z_]+ = )"), "$1$2");
  const auto loaded = merge_settings({}, {}, file(opened));
  REQUIRE(loaded.has_value());
  const Settings defaults;
  for (const auto& setting : settings_table()) {
    CAPTURE(setting.key);
    CHECK(loaded->origins.at(std::string(setting.key)).source == Source::file);
    CHECK(setting.read(loaded->settings) == setting.read(defaults));
  }
}

TEST_CASE("a configuration file that is named must be there", "[settings]") {
  const auto loaded = load_settings({}, {}, "/nowhere/troupe.toml");
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().message ==
        "configuration file: cannot read /nowhere/troupe.toml: No such file or directory");
  CHECK(load_settings({}, {}, TROUPE_SOURCE_DIR "/config").error().message ==
        "configuration file: cannot read " TROUPE_SOURCE_DIR "/config: it is a directory");
  CHECK(load_settings({}, {}, TROUPE_SOURCE_DIR "/config/troupe.toml").has_value());
}
