#include "sim/transport/telling_transport.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "schema/file/query_entry.hpp"
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

class TellingLink final : public Link {
 public:
  TellingLink(std::unique_ptr<Link> real, const std::vector<HttpTarget>& targets, std::ostream& out)
      : real_(std::move(real)), targets_(targets), out_(out) {}

  std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) override {
    tell(call);
    call.wants_fields = call.wants_body = true;
    return told(real_->send(call, ticket, now));
  }
  std::optional<Answer> on_reply(actors::Reply& reply) override { return told(real_->on_reply(reply)); }
  std::optional<Answer> on_socket(const LinkReady& ready) override { return told(real_->on_socket(ready)); }
  void give_up() override {
    out_ << "< no answer in time\n";
    real_->give_up();
  }
  void close() override { real_->close(); }

 private:
  void tell(const Call& call) {
    out_ << '\n' << call.task->name << '\n';
    if (call.task->sql) {
      for (const auto& statement : *call.task->sql) tell_lines(statement.written, '>', out_);
      return;
    }
    // What is shown is what is sent: random names are drawn twice from one state.
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
    render_request(targets_[call.task->target], shown, request, body);
    const std::string_view head(request.data(), request.size() - body.size());
    tell_head(head);
    tell_body(body, '>', out_);
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
      out_ << "< " << to_string(answer->outcome) << ": " << answer->message << '\n';
      return answer;
    }
    out_ << "< " << answer->status << '\n';
    if (answer->response == nullptr) return answer;
    for (const auto& field : answer->response->fields)
      tell_lines(mask_field(field.name, field.value), '<', out_);
    tell_body(answer->response->body, '<', out_);
    return answer;
  }

  std::unique_ptr<Link> real_;
  const std::vector<HttpTarget>& targets_;
  std::ostream& out_;
};

}  // namespace

std::unique_ptr<Link> TellingTransport::make_link(caf::event_based_actor& user, actors::Worker& home,
                                                  std::uint64_t number) {
  if (!tells_) return real_.make_link(user, home, number);
  return std::make_unique<TellingLink>(real_.make_link(user, home, number), targets_, out_);
}

}  // namespace troupe::sim
