#pragma once

#include <filesystem>
#include <string>

#include "support/result.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// The name of the record file in a sweep's directory.
inline constexpr std::string_view record_file_name = "records.msgpack";

/// Makes the directory of a new sweep, and those above it, where it is missing. Refuses one that is not
/// empty.
Result<void> make_empty_directory(const std::filesystem::path& directory);

/// A sweep's raw results while it runs: one MessagePack value after another, the plan first, then each repeat
/// as it ends. Holds a lock on the file, so that no second process appends to it; used by one thread at a
/// time. Every failure is one line that names the directory or file.
class RecordFile {
 public:
  /// Makes the directory (and those above it) where it is missing, and in it a record file with the plan.
  /// Refuses a directory that is not empty.
  static Result<RecordFile> create(const std::filesystem::path& directory, const SweepInfo& info);

  struct Resumed;
  /// Reads what a sweep recorded so far, cuts off a record that a crash tore (which a note tells), and goes
  /// on appending there.
  static Result<Resumed> resume(const std::filesystem::path& directory);

  RecordFile(RecordFile&& other) noexcept;
  RecordFile& operator=(RecordFile&& other) noexcept;
  ~RecordFile();

  /// One write, then fsync: once this returns, no crash loses the repeat. On failure (a full disk) the file
  /// keeps what it held before.
  Result<void> append(const Repeat& repeat);

 private:
  RecordFile(std::filesystem::path path, int descriptor);
  Result<void> lock();
  Result<void> write_record(std::string_view bytes);
  Error failure(int error_number) const;

  std::filesystem::path path_;
  int descriptor_;
  std::uint64_t size_ = 0;  ///< of the whole records in the file
};

struct RecordFile::Resumed {
  RecordFile file;
  Sweep sweep;
};

/// Whether a path is meant as a sweep: a directory, or a record file. Reading it tells whether it is one.
bool is_sweep(const std::filesystem::path& path);

/// Everything that a sweep recorded, from its directory or its record file. A last record that a crash tore
/// is left out, which a note in info.test_bed.notes tells; any other fault is an Error that names the byte
/// at which the faulty record begins.
Result<Sweep> read_sweep(const std::filesystem::path& directory_or_file);

}  // namespace troupe::sweep
