// One run, as it is recorded and read again:
//
//   intervals of 100 ms ──> a second ──> bytes appended        (RunRecordWriter)
//   bytes ──> a second ──> RunStatistics, as if it were measured now ──> RunResult
#include "sim/record/run_record.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "report/struct_json.hpp"
#include "sim/record/run_record_fields.hpp"

namespace troupe::sim {
namespace {

constexpr report::Schema record_format{run_record_schema, run_record_version};
// A second of all tasks that a scenario may have takes less.
constexpr std::size_t most_record_bytes = std::size_t{64} << 20;

Error fault(const std::filesystem::path& path, std::string_view what, int error_number) {
  return {ErrorCode::invalid_argument,
          fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error_number))};
}

/// Every task and every message is of a task that there is.
bool tells_of(const Interval& interval, std::size_t tasks) {
  const auto known = [tasks](const auto& part) { return part.task < tasks; };
  return interval.tasks.size() == tasks && std::ranges::all_of(interval.stragglers, known) &&
         std::ranges::all_of(interval.failures, known);
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
    if (const auto known = report::check_schema((*first)->tree, record_format); !known) return known.error();
    auto head = report::value_of<RunRecordHead>((*first)->tree);
    if (!head) return damaged(head.error().message);
    offset_ += (*first)->length;
    return read_seconds(*std::move(head));
  }

 private:
  Result<RunResult> read_seconds(RunRecordHead head) {
    const auto tasks = head.tasks.size();
    RunStatistics statistics(head.tasks, head.warm_up, head.ramp, head.timeout,
                             head.length.value_or(Duration::max()));
    Duration elapsed{};
    bool ended = false;
    while (offset_ < bytes_.size()) {
      const auto record = next();
      if (!record) return damaged(record.error().message);
      if (!*record) break;  // cut off by a crash
      auto interval = report::value_of<Interval>((*record)->tree);
      if (!interval) return damaged(interval.error().message);
      if (!tells_of(*interval, tasks)) return damaged("it tells of a task that there is not");
      offset_ += (*record)->length;
      interval->drained ? void(ended = true) : void(elapsed = interval->end);
      statistics.add(*std::move(interval));
    }
    RunResult result;
    result.run = std::move(head.run);
    statistics.finish(elapsed, result);
    result.run.interrupted = head.length ? elapsed < *head.length : !ended;
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
  const auto done = writer.write(report::msgpack_bytes(report::tree_of(record_format, head)));
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
  const auto bytes = report::msgpack_bytes(report::tree_of(*std::exchange(pending_, std::nullopt)));
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
