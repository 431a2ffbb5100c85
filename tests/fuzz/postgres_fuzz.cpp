// A hostile PostgreSQL: bytes to libpq and to the pipeline above it, and rows that are not of the shape that
// was asked for, through batches and endpoints.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "actors/database/batch_answers.hpp"
#include "fuzz/fuzz_server.hpp"
#include "fuzz/fuzz_tables.hpp"
#include "fuzz/fuzz_target.hpp"
#include "postgres/wire/pipeline.hpp"
#include "postgres/wire/rows_builder.hpp"

namespace troupe::fuzz {
namespace {

using namespace std::string_view_literals;

/// Where libpq looks for a server. Gone with the process.
class HostileServer {
 public:
  HostileServer() : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    std::filesystem::create_directory(directory_);
    const auto path = directory_ + "/.s.PGSQL.5432";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket_, 1) != 0)
      throw std::runtime_error("cannot listen at " + path);
  }
  ~HostileServer() {
    ::close(socket_);
    std::filesystem::remove_all(directory_);
  }
  std::string conninfo() const { return "host=" + directory_ + " user=u dbname=d password=p"; }
  int accept() const { return ::accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); }

 private:
  std::string directory_ = "/tmp/troupe-fuzz-" + std::to_string(::getpid());
  int socket_;
};

/// What a server says whose client may begin.
constexpr auto greeting =
    "R\0\0\0\x08\0\0\0\0"
    "S\0\0\0\x19"
    "client_encoding\0UTF8\0"
    "K\0\0\0\x0c\0\0\0\x01\0\0\0\x02"
    "Z\0\0\0\x05I"sv;

void use(std::vector<postgres::Completion>& done) {
  for (auto& completion : done) {
    if (const auto* error = std::get_if<postgres::StatementError>(&completion.outcome)) {
      (void)error->in_full();
      continue;
    }
    const auto& rows = std::get<postgres::Rows>(completion.outcome);
    for (int row = 0; row < rows.count(); ++row) {
      for (int column = 0; column < 4; ++column) (void)rows.cell(row, column);
    }
  }
  done.clear();
}

std::string talk(postgres::Connection connection, int server, bool described) {
  postgres::Pipeline pipeline(std::move(connection));
  std::vector<postgres::Completion> done;
  postgres::Params params;
  for (std::uint64_t tag = 0; tag < 3; ++tag) {
    const auto sent = described ? pipeline.describe("SELECT $1", {}, tag)
                                : pipeline.send({"one", "SELECT 1"}, params, tag,
                                                tag == 1 ? postgres::Then::go_on : postgres::Then::commit);
    if (!sent) return fault_of_message(sent.error().message);
  }
  (void)pipeline.flush();
  ::shutdown(server, SHUT_WR);
  for (int round = 0; round < 8; ++round) {
    const auto received = pipeline.receive(done);
    if (done.size() > 3) return "more completions than statements";
    use(done);
    if (!received) return fault_of_message(received.error().message);
  }
  return {};
}

std::string try_wire(std::string_view input) {
  static const HostileServer hostile;
  const auto choice = take_choice(input, 3);
  constexpr std::size_t most = 64 * 1024;  // what a socket's buffer holds
  if (input.size() > most) return {};
  auto connection = postgres::Connection::start(hostile.conninfo());
  if (!connection) return "it does not connect: " + connection.error().message;
  const int server = hostile.accept();
  std::string bytes = choice == 0 ? "" : std::string(greeting);
  bytes += input;
  const bool all = ::write(server, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  if (choice == 0) ::shutdown(server, SHUT_WR);
  std::string fault = all ? "" : "the input does not fit";
  for (int round = 0; fault.empty() && round < 16; ++round) {
    const auto waits = connection->poll();
    if (!waits) {
      fault = fault_of_message(waits.error().message);
      break;
    }
    if (*waits != postgres::Connection::Waits::nothing) continue;
    fault = talk(std::move(*connection), server, choice == 2);
    break;
  }
  ::close(server);
  return fault;
}

/// Rows of what the input has: of each cell a length, and so many bytes.
postgres::Rows hostile_rows(std::string_view& input, std::size_t columns) {
  const auto rows = take_choice(input, 4);
  postgres::RowsBuilder builder(static_cast<int>(columns));
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      constexpr std::size_t longest = 20;
      const auto size = take_choice(input, longest);
      if (size == longest - 1) {
        builder.set(static_cast<int>(row), static_cast<int>(column), std::nullopt);
        continue;
      }
      const auto cell = input.substr(0, size);
      input.remove_prefix(cell.size());
      builder.set(static_cast<int>(row), static_cast<int>(column), cell);
    }
  }
  return builder.take();
}

constexpr std::array<std::string_view, 9> asked{
    "GET /kinds/1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /kinds/ HTTP/1.1\r\nHost: a\r\nAccept: application/msgpack\r\n\r\n",
    "GET /kinds/?count=true&limit=1&order=money HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /kinds/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
    "8\r\n\r\n{\"id\":1}",
    "PUT /kinds/1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    "PATCH /items/1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
    "11\r\n\r\n{\"price\":1}",
    "DELETE /items/1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /sums/?number=1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /kinds/ HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n"};

std::string try_rows(std::string_view input) {
  static auto& server = *new FuzzServer;  // CAF is gone before what is static would be
  const auto request = asked[take_choice(input, asked.size())];
  const auto columns = take_choice(input, 36);
  const bool two = take_choice(input, 2) == 1;
  return server.talk(request, false, [&](const actors::Command& command) {
    actors::Batch batch;
    for (int i = two && command.kind != actors::CommandKind::list ? 0 : 1; i < 2; ++i)
      batch.commands.emplace_back().command = command;
    if (command.kind == actors::CommandKind::list) {
      postgres::Params params;
      batch.list = postgres::list_statement(command.resource->resource, *command.query, params);
    }
    actors::Outcome last = actors::NotFound{};
    actors::for_each_outcome(batch, hostile_rows(input, columns),
                             [&](actors::Pending&, actors::Outcome outcome) { last = std::move(outcome); });
    return last;
  });
}

const Register wire_target({"postgres_wire",
                            try_wire,
                            {"1\0\0\0\x04"sv, "2\0\0\0\x04"sv, "n\0\0\0\x04"sv, "C\0\0\0\x0dSELECT 1\0"sv,
                             "Z\0\0\0\x05I"sv, "E\0\0\0\x14SERROR\0C22P02\0\0"sv, "T\0\0\0\x06\0\0"sv,
                             "D\0\0\0\x06\0\0"sv, "s\0\0\0\x04"sv, "t\0\0\0\x06\0\0"sv, "N\0\0\0\x05\0"sv,
                             "A\0\0\0\x0b\0\0\0\x01x\0y\0"sv, "\xff\xff\xff\xff", "G\0\0\0\x07\0\0\0"sv}});
const Register rows_target({"postgres_rows",
                            try_rows,
                            {"\0\0\0\x01"sv, "8\0\0\0\0\0\0\0\x01"sv, "NaN", "2024-01-02 03:04:05+00",
                             "{a,NULL}"}});

}  // namespace
}  // namespace troupe::fuzz
