#include "fuzz/fuzz_server.hpp"

#include <utility>
#include <vector>

#include "fuzz/fuzz_tables.hpp"
#include "fuzz/fuzz_target.hpp"
#include "http/api/routes.hpp"
#include "http/server/request_parser.hpp"
#include "postgres/wire/rows_builder.hpp"
#include "sim/client/response_reader.hpp"
#include "stand_in/stand_in_rows.hpp"

namespace troupe::fuzz {
namespace {

using actors::CommandKind;
using http::RequestParser;

constexpr std::size_t most_rows = 20;
constexpr std::size_t most_clients = 200;  // a server keeps all that it ever had

/// The methods of the requests that the bytes are, as far as they are any.
std::vector<http::Method> methods_in(std::string_view bytes, const ServerSettings& settings) {
  http::ParserLimits limits;
  limits.header = settings.header_limit;
  limits.target = settings.target_limit;
  limits.body = settings.body_limit;
  RequestParser parser(limits);
  std::vector<http::Method> methods;
  for (;;) {
    const auto progress = parser.feed(bytes);
    bytes.remove_prefix(progress.consumed);
    if (progress.status == RequestParser::Status::rejected) return methods;
    if (progress.status == RequestParser::Status::need_more) {
      if (progress.consumed == 0 || bytes.empty()) return methods;
      continue;
    }
    methods.push_back(parser.request().method);
    parser.reset();
  }
}

actors::Outcome list_answer(const actors::Command& command) {
  postgres::Params params;
  const auto& resource = command.resource->resource;
  auto statement = postgres::list_statement(resource, *command.query, params);
  postgres::RowsBuilder rows(static_cast<int>(statement.first_column + statement.shown.size()));
  return std::make_shared<const actors::ListAnswer>(command.resource, command.query, std::move(statement),
                                                    rows.take());
}

actors::Outcome call_answer(const actors::Command& command) {
  const auto columns = command.called->query.rows.columns.size();
  postgres::RowsBuilder rows(static_cast<int>(columns));
  for (std::size_t i = 0; i < columns; ++i) rows.set(0, static_cast<int>(i), "1.50");
  return actors::RowAnswer{std::make_shared<const postgres::Rows>(rows.take())};
}

}  // namespace

actors::Outcome plain_answer(const actors::Command& command) {
  switch (command.kind) {
    case CommandKind::list:
      return list_answer(command);
    case CommandKind::call:
    case CommandKind::write_call:
      return call_answer(command);
    case CommandKind::remove:
    case CommandKind::ping:
      return actors::Done{};
    default:
      return stand_in::StandInRows().answer(command, 1);
  }
}

FuzzServer::FuzzServer() {
  settings_.header_limit = 2000;
  settings_.target_limit = 1000;
  settings_.body_limit = 4000;
}

std::string FuzzServer::talk(std::string_view input, bool in_pieces, const AnswerTo& answer) {
  if (!server_ || ++clients_ > most_clients) {
    server_.reset();
    static const auto routes = http::api_router(tables(), most_rows, queries());  // its documents take long
    server_ = std::make_unique<tests::MemoryServer>(routes, settings_);
    clients_ = answered_ = 0;
  }
  auto& client = server_->connect();
  Cuts cuts(input);
  for (auto rest = input; !rest.empty();) {
    const auto piece = rest.substr(0, in_pieces ? cuts.next() : rest.size());
    rest.remove_prefix(piece.size());
    client.send(piece);
    server_->settle();
    answer_all(answer);
  }
  auto fault = fault_of_answers(input, client.received());
  client.end();
  server_->settle();
  answer_all(answer);
  server_->live_through(std::chrono::seconds(2));  // it may linger for so long
  if (fault.empty() && server_->open_sessions() != 0) return "the session outlives its client";
  return fault;
}

void FuzzServer::answer_all(const AnswerTo& answer) {
  while (answered_ < server_->asked.size()) {
    const auto place = answered_++;
    // What is asked next makes the list grow: not a reference into it.
    const auto outcome = answer(server_->asked[place].command);
    server_->reply(place, outcome);
  }
}

std::string FuzzServer::fault_of_answers(std::string_view input, std::string_view received) const {
  const auto methods = methods_in(input, settings_);
  std::size_t count = 0;
  bool keeps = true;
  sim::ResponseReader reader;
  for (; !received.empty(); ++count) {
    if (!keeps) return "an answer behind the last one";
    reader.begin({.to_head = count < methods.size() && methods[count] == http::Method::head});
    received.remove_prefix(reader.take(received));
    if (reader.has_failed()) return "an answer that is none: " + std::string(reader.fault());
    if (!reader.is_done()) {
      // The client may still wait for this one: 100 Continue went ahead.
      return received.empty() && count <= methods.size() ? "" : "half an answer";
    }
    keeps = reader.keeps_connection();
  }
  if (count > methods.size() + 1) return "more answers than requests";
  if (count < methods.size() && keeps) return "a request without an answer";
  return {};
}

}  // namespace troupe::fuzz
