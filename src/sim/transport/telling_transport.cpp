#include "sim/transport/telling_transport.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/file/query_entry.hpp"
#include "sim/transport/answer_values.hpp"
#include "sim/transport/render_request.hpp"
#include "support/clean_text.hpp"
#include "support/secret_text.hpp"

namespace troupe::sim {
namespace {

constexpr std::size_t most_shown = 4096;  // of a body, in bytes

/// Writes the lines of a text, each behind a mark.
void tell_lines(std::string_view any, char mark, std::ostream& out) {
  const auto clean = clean_text(any);
  for (std::string_view text = clean; !text.empty();) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    out << mark << (line.empty() ? "" : " ") << line << '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void tell_body(std::string_view body, char mark, std::ostream& out) {
  if (body.empty()) return;
  out << mark << '\n';
  tell_lines(mask_secrets(body.substr(0, most_shown)), mark, out);
  if (body.size() > most_shown) out << fmt::format("{} … {} bytes more\n", mark, body.size() - most_shown);
}

/// A request as it is sent, but for what only a connection knows: its cookies.
std::string rendered(const HttpTarget& target, const Call& call) {
  // Random names are drawn twice from one state.
  Call shown = call;
  Sender sender;
  Rng rng(0);
  if (call.sender != nullptr) {
    sender = *call.sender;
    rng = *sender.rng;
    sender.rng = &rng;
    shown.sender = &sender;
  }
  std::string request, body;
  render_request(target, shown, request, body);
  return request;
}

class TellingLink final : public Link, private CallListener {
 public:
  TellingLink(std::unique_ptr<Link> real, const std::vector<HttpTarget>& targets, std::ostream& out)
      : real_(std::move(real)), targets_(targets), out_(out) {}

  std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) override {
    task_ = call.task;
    secret_variables_ = call.secret_variables;
    secrets_.clear();
    for (const auto place : secret_variables_) secrets_.push_back(call.variables[place]);
    out_ << '\n' << call.task->name << '\n';
    std::string message;  // of a call that is no request over HTTP
    if (call.task->sql) {
      for (const auto& statement : *call.task->sql) tell_lines(statement.written, '>', out_);
    } else {
      message = rendered(targets_[call.task->target], call);
    }
    call.wants_fields = call.wants_body = true;
    call.listener = this;
    has_told_ = call.task->sql != nullptr;
    auto answer = real_->send(call, ticket, now);
    if (!has_told_) on_sent(message);
    return told(std::move(answer));
  }
  std::optional<Answer> on_reply(actors::Reply& reply) override { return told(real_->on_reply(reply)); }
  std::optional<Answer> on_socket(const LinkReady& ready) override { return told(real_->on_socket(ready)); }
  void give_up() override {
    out_ << "< no answer in time\n";
    real_->give_up();
  }
  void close() override { real_->close(); }

 private:
  void on_sent(std::string_view request) override {
    has_told_ = true;
    const auto head_end = std::min(request.find("\r\n\r\n") + 4, request.size());
    tell_head(mask_values(request.substr(0, head_end), secrets_));
    tell_body(mask_values(request.substr(head_end), secrets_), '>', out_);
  }

  void on_redirect(int status, std::string_view location) override {
    const auto field = mask_field("Location", mask_values(location, secrets_));
    out_ << fmt::format("→ {} {}\n", status, clean_text(field));
  }

  /// What the answer gives with a secret name is shown neither in it nor in later ones.
  void learn_secrets(const HttpResponse& response) {
    AnswerValues values(response);
    for (const auto& extraction : task_->extractions) {
      if (std::ranges::find(secret_variables_, extraction.variable) == secret_variables_.end()) continue;
      if (auto value = values.find(extraction)) secrets_.push_back(*std::move(value));
    }
  }

  void tell_head(std::string_view head) {
    const auto line_end = head.find("\r\n");
    tell_lines(mask_secrets(head.substr(0, line_end)), '>', out_);
    for (head.remove_prefix(line_end + 2); head.size() > 2;) {
      const auto end = head.find("\r\n");
      const auto line = head.substr(0, end);
      const auto colon = line.find(": ");
      tell_lines(mask_field(line.substr(0, colon), line.substr(colon + 2)), '>', out_);
      head.remove_prefix(end + 2);
    }
  }

  std::optional<Answer> told(std::optional<Answer> answer) {
    if (!answer) return answer;
    if (answer->outcome != CallOutcome::ok) {
      out_ << "< " << to_string(answer->outcome) << ": " << mask_values(answer->message, secrets_) << '\n';
      return answer;
    }
    out_ << "< " << answer->status << '\n';
    if (answer->response == nullptr) return answer;
    learn_secrets(*answer->response);
    for (const auto& field : answer->response->fields)
      tell_lines(mask_field(field.name, mask_values(field.value, secrets_)), '<', out_);
    tell_body(mask_values(answer->response->body, secrets_), '<', out_);
    return answer;
  }

  std::unique_ptr<Link> real_;
  const std::vector<HttpTarget>& targets_;
  std::ostream& out_;
  const Task* task_ = nullptr;                         ///< of the call under way
  std::span<const std::uint16_t> secret_variables_{};  ///< the scenario's
  std::vector<std::string> secrets_;                   ///< that are not shown
  bool has_told_ = false;                              ///< what is sent
};

}  // namespace

std::unique_ptr<Link> TellingTransport::make_link(caf::event_based_actor& user, actors::Worker& home,
                                                  std::uint64_t number) {
  if (!tells_) return real_.make_link(user, home, number);
  return std::make_unique<TellingLink>(real_.make_link(user, home, number), targets_, out_);
}

}  // namespace troupe::sim
