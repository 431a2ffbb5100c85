// One run, as it is recorded and read again:
//
//   intervals of 100 ms ──> a second ──> bytes appended        (RunRecordWriter)
//   bytes ──> a second ──> RunStatistics, as if it were measured now ──> RunResult
#include "sim/record/run_record.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "report/struct_json.hpp"
#include "sim/record/run_record_fields.hpp"

namespace troupe::sim {
namespace {

constexpr report::Schema schema{run_record_schema, run_record_version};
// A second of all tasks that a scenario may have takes less.
constexpr std::size_t most_record_bytes = std::size_t{64} << 20;
constexpr std::uint64_t last_outcome = static_cast<std::uint64_t>(CallOutcome::generator);

Error fault(const std::filesystem::path& path, std::string_view what, int error_number) {
  return {ErrorCode::invalid_argument,
          fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error_number))};
}

Micros micros(Duration duration) {
  return std::chrono::duration_cast<Micros>(duration);
}

std::optional<std::int64_t> nanoseconds(const std::optional<Duration>& duration) {
  return duration ? std::optional(duration->count()) : std::nullopt;
}

RecordedTask recorded(const TaskRecord<SparseHistogram>& task) {
  return {task.good, task.bad,     task.ok,         task.failed,        task.timed_out,
          task.late, task.dropped, task.unfinished, task.content_bytes, micros(task.oldest_unfinished)};
}

TaskRecord<SparseHistogram> measured(RecordedTask&& task) {
  TaskRecord<SparseHistogram> out;
  out.good = std::move(task.good);
  out.bad = std::move(task.bad);
  out.ok = task.ok;
  out.failed = task.failed;
  out.timed_out = task.timed_out;
  out.late = task.late;
  out.dropped = task.dropped;
  out.unfinished = task.unfinished;
  out.oldest_unfinished = task.oldest_unfinished;
  out.content_bytes = task.content_bytes;
  return out;
}

RecordedSecond recorded(const Interval& interval) {
  RecordedSecond out{interval.begin.count(),
                     interval.end.count(),
                     interval.drained,
                     interval.users,
                     interval.busy,
                     interval.backlog,
                     {},
                     {},
                     {}};
  for (const auto& task : interval.tasks) out.tasks.push_back(recorded(task));
  for (const auto& s : interval.stragglers) {
    out.stragglers.push_back(
        {s.task, s.good, s.start.count(), micros(s.response), micros(s.service), micros(s.lag), s.sent});
  }
  for (const auto& failure : interval.failures) {
    out.failures.push_back(
        {failure.task, static_cast<std::uint64_t>(failure.outcome), failure.count, failure.message});
  }
  return out;
}

/// Error: a task or an outcome that there is not.
Result<Interval> measured(RecordedSecond&& second, std::size_t tasks) {
  const Error foreign{ErrorCode::invalid_argument, "it tells of a task or an outcome that there is not"};
  Interval out;
  out.begin = Duration(second.begin_ns);
  out.end = Duration(second.end_ns);
  out.drained = second.drained;
  out.users = second.users;
  out.busy = second.busy;
  out.backlog = second.backlog;
  if (second.tasks.size() != tasks) return foreign;
  for (auto& task : second.tasks) out.tasks.push_back(measured(std::move(task)));
  for (const auto& s : second.stragglers) {
    if (s.task >= tasks) return foreign;
    out.stragglers.push_back({s.task, s.good, Duration(s.start_ns), s.response, s.service, s.lag, s.sent});
  }
  for (auto& failure : second.failures) {
    if (failure.task >= tasks || failure.outcome > last_outcome) return foreign;
    out.failures.push_back(
        {failure.task, static_cast<CallOutcome>(failure.outcome), std::move(failure.message), failure.count});
  }
  return out;
}

/// Adds the interval that follows.
void append(Interval& to, const Interval& next) {
  const auto before = to_seconds(to.end - to.begin), after = to_seconds(next.end - next.begin);
  const double share = before + after > 0 ? after / (before + after) : 1;
  to.busy += share * (next.busy - to.busy);
  to.backlog += share * (next.backlog - to.backlog);
  merge(to, next);
  to.users = next.users;
  to.end = next.end;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Result<RunResult> read() {
    const auto first = next();
    if (!first) return damaged(first.error().message);
    if (!*first) return damaged("it ends within its first record");
    if (const auto known = report::check_schema((*first)->tree, schema); !known) return known.error();
    auto head = report::value_of<RecordedHead>((*first)->tree);
    if (!head) return damaged(head.error().message);
    offset_ += (*first)->length;
    return read_seconds(*std::move(head));
  }

 private:
  Result<RunResult> read_seconds(RecordedHead head) {
    const auto tasks = head.tasks.size();
    const WarmUp warm_up{head.warm_up_ns ? std::optional(Duration(*head.warm_up_ns)) : std::nullopt};
    RunStatistics statistics(head.tasks, warm_up, Duration(head.ramp_ns), Duration(head.timeout_ns),
                             head.length_ns ? Duration(*head.length_ns) : Duration::max());
    Duration elapsed{};
    bool ended = false;
    while (offset_ < bytes_.size()) {
      const auto record = next();
      if (!record) return damaged(record.error().message);
      if (!*record) break;  // cut off by a crash
      auto second = report::value_of<RecordedSecond>((*record)->tree);
      if (!second) return damaged(second.error().message);
      auto interval = measured(*std::move(second), tasks);
      if (!interval) return damaged(interval.error().message);
      offset_ += (*record)->length;
      interval->drained ? void(ended = true) : void(elapsed = interval->end);
      statistics.add(*std::move(interval));
    }
    RunResult result;
    result.run = std::move(head.run);
    statistics.finish(elapsed, result);
    result.run.interrupted = head.length_ns ? elapsed < Duration(*head.length_ns) : !ended;
    result.verdict.lag_p99 = result.total.good.lag.p99;
    result.verdict.notes.emplace_back("made from the record of a run");
    return result;
  }

  Result<std::optional<report::FirstTree>> next() const {
    return report::first_tree_from_msgpack(bytes_.substr(offset_, most_record_bytes), most_record_bytes);
  }
  Error damaged(std::string_view why) const {
    return {ErrorCode::invalid_argument, fmt::format("the record at byte {} is not valid: {}", offset_, why)};
  }

  std::string_view bytes_;
  std::size_t offset_ = 0;
};

}  // namespace

Result<RunRecordWriter> RunRecordWriter::create(const std::filesystem::path& path,
                                                const RunRecordHead& head) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) return fault(path, "make", errno);
  const auto& warm_up = head.warm_up.fixed;
  RunRecordWriter writer(path, descriptor, head.ramp + warm_up.value_or(Duration{}));
  const RecordedHead recorded_head{head.run,          head.tasks,           nanoseconds(warm_up),
                                   head.ramp.count(), head.timeout.count(), nanoseconds(head.length)};
  const auto done = writer.write(report::msgpack_bytes(report::tree_of(schema, recorded_head)));
  if (!done) return done.error();
  return writer;
}

RunRecordWriter::RunRecordWriter(std::filesystem::path path, int descriptor, Duration measured_from)
    : path_(std::move(path)), descriptor_(descriptor), measured_from_(measured_from) {}

RunRecordWriter::RunRecordWriter(RunRecordWriter&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      measured_from_(other.measured_from_),
      pending_(std::move(other.pending_)) {}

RunRecordWriter::~RunRecordWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> RunRecordWriter::add(const Interval& interval) {
  if (pending_ && interval.drained != pending_->drained) {
    if (const auto done = finish(); !done) return done;
  }
  pending_ ? append(*pending_, interval) : void(pending_ = interval);
  const bool whole = pending_->end % std::chrono::seconds(1) == Duration{};
  // What is left out and what counts never share a record.
  return whole || pending_->end == measured_from_ ? finish() : Result<void>{};
}

Result<void> RunRecordWriter::finish() {
  if (!pending_) return {};
  const auto bytes = report::msgpack_bytes(report::tree_of(recorded(*std::exchange(pending_, std::nullopt))));
  return write(bytes);
}

Result<void> RunRecordWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Error{ErrorCode::io, fault(path_, "write", errno).message};
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

bool is_run_record(std::string_view bytes) {
  const auto first = report::first_tree_from_msgpack(bytes.substr(0, most_record_bytes), most_record_bytes);
  if (!first || !*first) return false;
  const auto* object = (*first)->tree.if_object();
  const auto* name = object != nullptr ? object->if_contains("schema") : nullptr;
  return name != nullptr && *name == boost::json::value(run_record_schema);
}

Result<RunResult> read_run_record(std::string_view bytes) {
  return Reader(bytes).read();
}

}  // namespace troupe::sim
