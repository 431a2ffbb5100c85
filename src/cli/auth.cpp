#include "cli/auth.hpp"

#include <iostream>
#include <string_view>

#include "cli/common/command_line.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/startup.hpp"
#include "http/auth/new_key.hpp"
#include "support/conninfo_secrets.hpp"

namespace troupe::cli {
namespace {

constexpr std::string_view auth_notes =
    R"(The key is printed once and kept nowhere: the file has its hash. A server that runs takes the file up at SIGHUP.

Examples:
  troupe auth new-key --auth auth.toml --name till-3 --role clerk
      adds [key.till-3] to auth.toml, and prints the key
  curl -H "Authorization: Bearer $KEY" http://127.0.0.1:8080/orders
      uses it; X-API-Key takes it, too

Exit codes:
  0  success
  1  the file cannot be written
  2  a mistake on the command line or in the file
)";

int new_key(const std::vector<std::string>& arguments) {
  CLI::App app("Makes a key for the file of serve --auth, and prints it.", "troupe auth new-key");
  app.set_help_flag("-h,--help", "print this text and exit");
  app.get_formatter()->column_width(40);
  app.get_formatter()->label("OPTIONS", "FLAGS");
  std::string file, name;
  std::vector<std::string> roles;
  app.add_option("--auth", file, "the file; made when it is missing")->type_name("FILE")->take_last();
  app.add_option("--name", name, "whose key it is, for logs")->type_name("NAME")->take_last();
  app.add_option("--role", roles, "what its owner is; may be given several times")->type_name("ROLE");
  app.footer(std::string(auth_notes));
  if (const auto done = parse(app, arguments)) return *done;
  if (file.empty() || name.empty() || roles.empty())
    return usage_fault("auth new-key needs --auth FILE, --name NAME and --role ROLE");
  const auto key = http::add_new_key(file, name, roles);
  if (!key && key.error().code == ErrorCode::invalid_argument) return usage_fault(key.error().message);
  if (!key) return fail(exit_failure, key.error().message);
  std::cout << *key << '\n';
  return exit_ok;
}

}  // namespace

int auth(const std::vector<std::string>& arguments) {
  if (!arguments.empty() && arguments.front() == "new-key")
    return new_key({arguments.begin() + 1, arguments.end()});
  const bool help = !arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h");
  if (help) {
    std::cout << "Usage: troupe auth new-key --auth FILE --name NAME --role ROLE\n\n" << auth_notes;
    return exit_ok;
  }
  if (arguments.empty()) return usage_fault("auth: expected new-key; see troupe auth --help");
  return usage_fault("auth: unknown '" + without_password(arguments.front()) +
                     "'; expected new-key; see troupe auth --help");
}

}  // namespace troupe::cli
