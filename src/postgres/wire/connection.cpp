#include "postgres/wire/connection.hpp"

#include "postgres/wire/error_text.hpp"
#include "support/conninfo_secrets.hpp"
#include "support/log_line.hpp"

namespace troupe::postgres {
namespace {

Result<void> check_syntax(const std::string& conninfo) {
  char* message = nullptr;
  PQconninfoOption* options = PQconninfoParse(conninfo.c_str(), &message);
  if (options != nullptr) {
    PQconninfoFree(options);
    return {};
  }
  const auto text = one_line(message == nullptr ? "out of memory" : message);
  PQfreemem(message);
  return Error{ErrorCode::invalid_argument,
               "malformed database URL: " + without_secrets(text, conninfo, /*malformed=*/true)};
}

void log_notice(void*, const PGresult* result) {
  log_debug("PostgreSQL: {}", one_line(PQresultErrorMessage(result)));
}

}  // namespace

Result<Connection> Connection::start(const std::string& conninfo, const HostOptions& hosts) {
  if (auto syntax = check_syntax(conninfo); !syntax) return syntax.error();
  // What stands before dbname is a default that `conninfo` can override; what stands behind it is not
  // negotiable. A host that vanished without a word is noticed within about ten seconds, busy or idle.
  // An empty value counts as none.
  const char* const keywords[] = {"fallback_application_name",
                                  "keepalives_idle",
                                  "keepalives_interval",
                                  "keepalives_count",
                                  "tcp_user_timeout",
                                  "dbname",
                                  "client_encoding",
                                  "host",
                                  "hostaddr",
                                  "port",
                                  nullptr};
  const char* const values[] = {"troupe",
                                "5",
                                "2",
                                "3",
                                "10000",
                                conninfo.c_str(),
                                "UTF8",
                                hosts.host.c_str(),
                                hosts.hostaddr.c_str(),
                                hosts.port.c_str(),
                                nullptr};
  PGconn* handle = PQconnectStartParams(keywords, values, /*expand_dbname=*/1);
  if (handle == nullptr) return Error{ErrorCode::internal, "out of memory while connecting to PostgreSQL"};
  Connection connection(handle, conninfo, hosts.left_out);
  PQsetNoticeReceiver(handle, log_notice, nullptr);
  return connection;
}

Result<Connection::Waits> Connection::poll() {
  PGconn* handle = handle_.get();
  // The first PQconnectPoll must wait until the socket is writable, that is connected (libpq,
  // "PQconnectStart").
  if (!polled_ && PQstatus(handle) != CONNECTION_BAD) {
    polled_ = true;
    return Waits::writable;
  }
  switch (PQconnectPoll(handle)) {
    case PGRES_POLLING_READING:
      return Waits::readable;
    case PGRES_POLLING_WRITING:
      return Waits::writable;
    case PGRES_POLLING_OK:
      if (PQsetnonblocking(handle, 1) != 0 || PQenterPipelineMode(handle) != 1) return error();
      left_out_.clear();
      return Waits::nothing;
    default:
      return error();
  }
}

Error Connection::error() const {
  return error(PQerrorMessage(handle_.get()));
}

Error Connection::error(const char* message) const {
  auto text = one_line(message);
  if (text.empty()) text = "the connection to PostgreSQL is lost";
  if (!left_out_.empty()) text += "; " + left_out_;
  text = without_secrets(text, conninfo_);
  return {ErrorCode::unavailable, std::move(text)};
}

}  // namespace troupe::postgres
