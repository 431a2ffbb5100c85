#include "sim/import/har_import.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sim/import/har_task.hpp"
#include "sim/scenario/scenario.hpp"

namespace troupe::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t most_weight = 1'000;
constexpr std::size_t most_told_servers = 5;  // servers in a comment
constexpr double longest_pause = 600;         // seconds

/// The JSON Pointer to a text in a value; nullopt: it is not there.
std::optional<std::string> pointer_to(const json::value& value, std::string_view text) {
  if (const auto* own = value.if_string()) return *own == text ? std::optional(std::string{}) : std::nullopt;
  if (const auto* object = value.if_object()) {
    for (const auto& one : *object) {
      if (auto rest = pointer_to(one.value(), text)) return pointer_part(one.key()) + *rest;
    }
  } else if (const auto* list = value.if_array()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (auto rest = pointer_to((*list)[i], text)) return fmt::format("/{}{}", i, *rest);
    }
  }
  return std::nullopt;
}

class HarImport {
 public:
  HarImport(const HarRecording& recording, std::string_view source)
      : recording_(recording), source_(source), names_(draft_), tasks_(names_, secrets_) {}

  Result<std::string> write() {
    collect_secrets();
    choose_requests();
    if (kept_.empty())
      return invalid(fmt::format("has no request that a task could be made of, among {}", total()));
    groups_ = group_requests(kept_, secrets_);
    leave_out_rare_ones();
    choose_auth();
    for (const auto& group : groups_) add_task(group);
    if (!token_.empty() && draft_.start.empty())  // the login is off
      draft_.fill_ins.push_back({token_, "for Authorization: Bearer"});
    if (std::ranges::all_of(draft_.tasks, &DraftTask::off))
      return invalid(
          "has nothing to call but what is off at first: deletions, and bodies that are neither JSON nor "
          "forms");
    add_pause();
    add_notes();
    return write_draft(draft_);
  }

 private:
  std::size_t total() const { return recording_.requests.size() + recording_.others; }

  void collect_secrets() {
    const auto add_named = [&](const HarPairs& pairs) {
      for (const auto& [name, value] : pairs) {
        if (!is_secret_name(name) && !is_of_oauth(pairs, name, value)) continue;
        secrets_.add(value);
        if (const auto blank = value.find(' '); blank != std::string::npos)  // "Bearer TOKEN"
          secrets_.add(std::string_view(value).substr(blank + 1));
      }
    };
    for (const auto& request : recording_.requests) {
      for (const auto* pairs :
           {&request.headers, &request.query, &request.body.form, &request.answer_headers})
        add_named(*pairs);
      for (const auto& [name, value] : request.cookies) secrets_.add(value);
      secrets_.add_from(request.body.json);
      if (request.answer) secrets_.add_from(*request.answer);
    }
  }

  /// Those of the busiest server, in the order of time.
  void choose_requests() {
    std::map<std::string_view, std::size_t> counts;
    for (const auto& request : recording_.requests) {
      if (request.is_static) {
        ++static_files_;
        continue;
      }
      const auto count = ++counts[request.origin];
      if (origin_.empty() || count > counts[origin_]) origin_ = request.origin;
    }
    for (const auto& request : recording_.requests) {
      if (!request.is_static && request.origin == origin_) kept_.push_back(&request);
    }
    counts.erase(origin_);
    elsewhere_.assign(counts.begin(), counts.end());
    std::ranges::stable_sort(elsewhere_, std::greater{}, &std::pair<std::string_view, std::size_t>::second);
    const bool has_times = std::ranges::all_of(kept_, [](const auto* one) { return one->begin.has_value(); });
    if (has_times) std::ranges::stable_sort(kept_, {}, [](const auto* one) { return *one->begin; });
  }

  void leave_out_rare_ones() {
    if (groups_.size() <= most_tasks) return;
    auto by_count = groups_;
    std::ranges::stable_sort(by_count, std::greater{},
                             [](const HarGroup& one) { return one.requests.size(); });
    left_out_ = by_count.size() - most_tasks;
    by_count.resize(most_tasks);
    std::ranges::sort(by_count, {}, &HarGroup::first);
    groups_ = std::move(by_count);
  }

  /// Where one request had a bearer's token, all have, but for those that say otherwise.
  void choose_auth() {
    if (std::ranges::all_of(kept_, [](const auto* one) { return bearer_of(*one).empty(); })) return;
    find_login();
    const auto token = token_.empty() ? names_.fill_in("token", bearer_hint) : "{" + token_ + "}";
    draft_.auth = DraftAuth{.bearer = token, .user = {}, .password = {}};
  }

  /// The request whose answer gave the token that a later one sent.
  void find_login() {
    const auto bearer = std::ranges::find_if(kept_, [](const auto* one) { return !bearer_of(*one).empty(); });
    if (bearer == kept_.end()) return;
    for (const auto& group : groups_) {
      const auto& first = *group.requests.front();
      const bool fits = first.method == "POST" && first.body.kind != HarBody::Kind::other;
      if (!fits || !first.answer || std::ranges::find(kept_.begin(), bearer, &first) == bearer) continue;
      const auto place = pointer_to(*first.answer, bearer_of(**bearer));
      if (!place || place->empty()) continue;
      login_ = group.first;
      login_place_ = *place;
      token_ = names_.take("token");
      return;
    }
  }

  void add_task(const HarGroup& group) {
    auto task = tasks_.make(group, draft_.auth.has_value());
    if (group.first == login_ && !task.off) {
      task.name = "login";
      task.notes.emplace_back("Each user logs in once; {" + token_ + "} is its token from then on.");
      task.extract.push_back({token_, {login_place_}});
      draft_.start.push_back(std::move(task));
      return;
    }
    task.weight = static_cast<unsigned>(std::clamp<std::size_t>(group.requests.size(), 1, most_weight));
    draft_.tasks.push_back(std::move(task));
  }

  /// The median of the pauses between an answer and the next request, of those that are pauses.
  void add_pause() {
    std::vector<double> pauses;
    for (std::size_t i = 1; i < kept_.size(); ++i) {
      if (!kept_[i]->begin || !kept_[i - 1]->begin) continue;
      const auto pause = *kept_[i]->begin - *kept_[i - 1]->begin - kept_[i - 1]->took;
      if (pause > 0) pauses.push_back(std::min(pause, longest_pause));
    }
    if (pauses.empty()) return;
    const auto middle = pauses.begin() + static_cast<std::ptrdiff_t>(pauses.size() / 2);
    std::ranges::nth_element(pauses, middle);
    const auto milliseconds = std::max(1L, static_cast<long>(*middle * 1000));
    draft_.think_time =
        fmt::format("{{ kind = \"lognormal\", median = \"{}ms\", sigma = 0.5 }}", milliseconds);
    pause_note_ =
        fmt::format("The median pause between an answer and the next request was {} ms.", milliseconds);
  }

  void add_notes() {
    draft_.description = fmt::format("From a recording of {}", cut_name(origin_));
    auto& notes = draft_.notes;
    std::size_t here = 0;
    for (const auto& group : groups_) here += group.requests.size();
    notes.push_back(fmt::format("Written by troupe scenario new --from-har {}", source_));
    notes.push_back(fmt::format("{} of its {} requests are here, as {} tasks: those to {}.", here, total(),
                                groups_.size(), cut_name(origin_)));
    if (static_files_ > 0)
      notes.push_back(
          fmt::format("Left out: {} static files (images, styles, scripts, fonts).", static_files_));
    for (std::size_t i = 0; i < std::min(elsewhere_.size(), most_told_servers); ++i)
      notes.push_back(
          fmt::format("Left out: {} to {}.", elsewhere_[i].second, cut_name(elsewhere_[i].first)));
    if (elsewhere_.size() > most_told_servers)
      notes.push_back(
          fmt::format("Left out: those to {} more servers.", elsewhere_.size() - most_told_servers));
    if (recording_.others > 0)
      notes.push_back(fmt::format("Left out: {} that are no HTTP requests, or of methods as OPTIONS.",
                                  recording_.others));
    if (left_out_ > 0)
      notes.push_back(
          fmt::format("Left out: {} rare tasks: a scenario has {} at most.", left_out_, most_tasks));
    notes.emplace_back("");
    notes.emplace_back(
        "Tasks stand in the order in which they were first seen, and weigh as often as they were seen. To "
        "have");
    notes.emplace_back(
        "users do them in that order, write them as [[user.step]] of a [[user]], without weights.");
    if (!pause_note_.empty()) notes.push_back(pause_note_);
    const bool has_cookies =
        std::ranges::any_of(kept_, [](const auto* one) { return !one->cookies.empty(); });
    if (has_cookies)
      notes.emplace_back(
          "Cookies are not here: each user keeps those that answers give it. If that is not enough, fill in "
          "headers = { Cookie = \"…\" }.");
  }

  const HarRecording& recording_;
  std::string_view source_;
  SecretValues secrets_;
  ScenarioDraft draft_;
  DraftNames names_;
  HarTasks tasks_;
  std::string_view origin_;
  std::vector<const HarRequest*> kept_;
  std::vector<HarGroup> groups_;
  std::vector<std::pair<std::string_view, std::size_t>> elsewhere_;  ///< other servers, the busiest first
  std::size_t static_files_ = 0, left_out_ = 0;
  std::size_t login_ = 0;  ///< HarGroup::first of the login; 0: there is none
  std::string login_place_, token_, pause_note_;
};

}  // namespace

Result<std::string> scenario_of_har(std::string_view document, std::string_view source) {
  const auto recording = read_har(document);
  if (!recording) return recording.error();
  return HarImport(*recording, source).write();
}

}  // namespace troupe::sim
