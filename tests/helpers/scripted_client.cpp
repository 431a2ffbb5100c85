#include "helpers/scripted_client.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>

namespace troupe::tests {

namespace asio = boost::asio;
using actors::StreamUser;
using boost::system::error_code;

struct ScriptedClient::State {
  explicit State(actors::Worker& runs_here) : worker(runs_here) {}

  actors::Worker& worker;
  std::string to_read;
  bool at_end = false;
  std::string received;
  std::size_t room = std::numeric_limits<std::size_t>::max();
  std::size_t on_the_way = 0;
  std::size_t operations = 0;
  std::size_t failing_from = std::numeric_limits<std::size_t>::max();
  bool writing_ended = false;
  bool closed = false;
  std::shared_ptr<StreamUser> waiting_reader;
  std::shared_ptr<StreamUser> waiting_writer;

  error_code begin_operation() {
    if (closed) return asio::error::operation_aborted;
    return ++operations >= failing_from ? asio::error::connection_reset : error_code();
  }
  bool readable() const { return !to_read.empty() || at_end; }
  void tell_reader(error_code error) {
    if (!waiting_reader) return;
    worker.post([user = std::move(waiting_reader), error] { user->on_readable(error); });
  }
  void tell_writer(error_code error) {
    if (!waiting_writer) return;
    worker.post([user = std::move(waiting_writer), error] { user->on_writable(error); });
  }
  std::size_t take(std::string_view bytes) {
    const auto count = std::min(bytes.size(), room);
    if (room != std::numeric_limits<std::size_t>::max()) room -= count;
    received.append(bytes.substr(0, count));
    return count;
  }
  bool writable() const { return room > 0; }
};

class ScriptedClient::Stream final : public actors::ByteStream {
 public:
  explicit Stream(std::shared_ptr<State> state) : state_(std::move(state)) {}
  ~Stream() override { Stream::close(); }

  void wait_readable(std::shared_ptr<StreamUser> user) override {
    const auto error = state_->begin_operation();
    state_->waiting_reader = std::move(user);
    if (error || state_->readable()) state_->tell_reader(error);
  }

  std::size_t read_some(std::span<char> into, error_code& error) override {
    error = state_->begin_operation();
    if (error) return 0;
    auto& bytes = state_->to_read;
    if (bytes.empty()) {
      error = state_->at_end ? asio::error::make_error_code(asio::error::eof) : asio::error::would_block;
      return 0;
    }
    const auto count = std::min(bytes.size(), into.size());
    bytes.copy(into.data(), count);
    bytes.erase(0, count);
    return count;
  }

  void wait_writable(std::shared_ptr<StreamUser> user) override {
    const auto error = state_->begin_operation();
    state_->waiting_writer = std::move(user);
    if (error || state_->writable()) state_->tell_writer(error);
  }

  std::size_t write_some(std::span<const std::string_view> pieces, error_code& error) override {
    error = state_->begin_operation();
    if (error) return 0;
    std::size_t count = 0;
    for (const auto piece : pieces) count += state_->take(piece);
    if (count == 0) error = asio::error::would_block;
    return count;
  }

  std::size_t on_the_way() override { return state_->on_the_way; }

  void end_writing(error_code& error) override {
    error = state_->begin_operation();
    if (!error) state_->writing_ended = true;
  }

  void close() override {
    state_->closed = true;
    state_->tell_reader(asio::error::operation_aborted);
    state_->tell_writer(asio::error::operation_aborted);
  }

 private:
  std::shared_ptr<State> state_;
};

ScriptedClient::ScriptedClient(actors::Worker& worker) : state_(std::make_shared<State>(worker)) {}

std::unique_ptr<actors::ByteStream> ScriptedClient::stream() {
  return std::make_unique<Stream>(state_);
}

void ScriptedClient::send(std::string_view bytes) {
  state_->to_read.append(bytes);
  state_->tell_reader({});
}

void ScriptedClient::end() {
  state_->at_end = true;
  state_->tell_reader({});
}

void ScriptedClient::take_at_most(std::size_t bytes) {
  state_->room = bytes;
  if (state_->writable()) state_->tell_writer({});
}

void ScriptedClient::leave_on_the_way(std::size_t bytes) {
  state_->on_the_way = bytes;
}

void ScriptedClient::fail_at(std::size_t operation) {
  state_->failing_from = operation;
}

std::size_t ScriptedClient::operations() const {
  return state_->operations;
}

const std::string& ScriptedClient::received() const {
  return state_->received;
}

bool ScriptedClient::ended() const {
  return state_->writing_ended || state_->closed;
}

bool ScriptedClient::closed() const {
  return state_->closed;
}

}  // namespace troupe::tests
