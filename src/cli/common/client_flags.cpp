#include "cli/common/client_flags.hpp"

namespace troupe::cli {

void ClientFlags::add_to(CLI::App& app, const char* group) {
  add_way_to(app, group);
  app.add_flag("--no-check", no_check, "do not ask first whether --target is the items API")->group(group);
}

void ClientFlags::add_way_to(CLI::App& app, const char* group) {
  app.add_option("--cacert", options.tls.ca_file,
                 "https: authorities to trust instead of the system's, in PEM format")
      ->type_name("FILE")
      ->group(group)
      ->take_last();
  app.add_flag("--insecure", insecure, "https: take any certificate")->group(group);
  app.add_option(
         "--resolve", options.resolve,
         "where a host is, instead of asking for its name; several addresses are tried in turn; again and "
         "again")
      ->type_name("HOST:PORT:ADDRESS[,ADDRESS]")
      ->group(group)
      ->allow_extra_args(false)
      ->take_all();
}

bool ClientFlags::any() const {
  return insecure || no_check || !options.tls.ca_file.empty() || !options.resolve.empty();
}

sim::ClientOptions ClientFlags::client() const {
  auto said = options;
  said.tls.verify = !insecure;
  return said;
}

}  // namespace troupe::cli
