// A disk that is too small for a copy: a file system of a few megabytes, which only root can make.
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "helpers/server_process.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"
#include "postgres/copy/database_copy.hpp"

using namespace troupe;
using namespace troupe::postgres;
using Catch::Contains;
using tests::SqlSession;

namespace {

/// A mounted file system in memory; gone with the object.
class SmallDisk {
 public:
  explicit SmallDisk(const char* size) { mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, size) == 0; }
  ~SmallDisk() {
    if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  const std::filesystem::path& path() const { return directory_.path(); }

 private:
  tests::TemporaryDirectory directory_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("a disk that fills up while a copy is made ends it with one line, and the half copy is gone") {
  const SmallDisk disk("size=6m,mode=0777");
  if (!disk.mounted()) {
    WARN("only root can mount a small disk: not tested");
    return;
  }
  const auto conninfo = tests::fresh_database();
  SqlSession session(conninfo);
  session.run("CREATE TABLE big (id int PRIMARY KEY, fill text)");
  session.run(
      "INSERT INTO big SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, 20000) n");  // 13 MB
  session.run("ANALYZE");
  std::filesystem::create_directory(disk.path() / "space");
  std::filesystem::permissions(disk.path() / "space", std::filesystem::perms::all);
  const auto owner = session.value("SHOW data_directory");
  INFO(owner);
  struct stat like {};
  REQUIRE(::stat(owner.c_str(), &like) == 0);
  REQUIRE(::chown((disk.path() / "space").c_str(), like.st_uid, like.st_gid) == 0);
  session.run("CREATE TABLESPACE small_disk LOCATION '" + (disk.path() / "space").string() + "'");
  session.run("ALTER DATABASE " + session.value("SELECT current_database()") +
              " SET default_tablespace = small_disk");

  const auto copy = DatabaseCopy::make(conninfo, {.tables = {"big"}});
  REQUIRE_FALSE(copy.has_value());
  CHECK(copy.error().code == ErrorCode::unavailable);
  CHECK_THAT(copy.error().message, Contains("not enough disk") && !Contains("\n"));
  CHECK(session.value("SELECT count(*) FROM pg_database WHERE starts_with(datname, 'troupe_copy_')") == "0");
  CHECK(session.value("SELECT count(*) FROM big") == "20000");
  session.run("DROP TABLESPACE small_disk");
}
