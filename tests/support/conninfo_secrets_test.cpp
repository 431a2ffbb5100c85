#include "support/conninfo_secrets.hpp"

#include <catch2/catch.hpp>

using namespace troupe;

TEST_CASE("a URL is shown without what is or could be a piece of its password") {
  struct Row {
    std::string url, shown;
  };
  const auto row = GENERATE(values<Row>({
      {"postgresql://u:secret@h:5432/db", "postgresql://u@h:5432/db"},
      {"postgres://u:se%63ret@[::1]:5432/db", "postgres://u@[::1]:5432/db"},
      {"postgresql://u@h/db", "postgresql://u@h/db"},
      {"postgresql://@h/db", "postgresql://@h/db"},
      {"postgresql://:secret@h/db", "postgresql://@h/db"},
      {"postgresql://h:5432/db?sslmode=require", "postgresql://h:5432/db?sslmode=require"},
      {"postgresql://[::1]:5432/db?sslmode=require", "postgresql://[::1]:5432/db?sslmode=require"},
      {"postgresql://u:secret@h1:1,h2:2/db", "postgresql://u@h1:1,h2:2/db"},
      {"postgresql:///db?options=a@b", "postgresql:///db?options=a@b"},
      // Bare delimiters in the password.
      {"postgresql://user:s3cr/et@host/db", "postgresql://user@host/db"},
      {"postgresql://user:p@ssw0rd@host/db", "postgresql://user@host/db"},
      {"postgresql://u:sec?ret@h/db", "postgresql://u@h/db"},
      {"postgresql://u:s/e?c@ret@h/db?user=u", "postgresql://u@h/db?user=u"},
      {"postgresql://u:s/e?c=r@et@h/db", "postgresql://u"},
      {"postgresql://h:1/db?password=a@secret", "postgresql://h"},
      {"postgresql://u:secret/db", "postgresql://u"},
      {"postgresql://us@er:secret@h/db", "postgresql://us@h/db"},
      // Parameters: names as libpq decodes them, and none that is not known.
      {"postgresql://h/db?password=secret&user=u&sslpassword=secret", "postgresql://h/db?user=u"},
      {"postgresql://h/db?p%61ssword=secret", "postgresql://h/db"},
      {"postgresql://h/db?pasword=secret&Password=secret", "postgresql://h/db"},
      {"postgresql://h/db?user=u&password=secret&ret", "postgresql://h/db?user=u"},
      {"postgresql://h/db?user=u password=secret", "postgresql://h/db"},
      {"postgresql://h/db?password=a@secret&port=1", "postgresql://h/db?port=1"},
      {"postgresql://h/db password=secret", "postgresql://h/db"},
      {"postgresql://h/db&password=secret", "postgresql://h/db"},
      // What is no URL of PostgreSQL's.
      {"http://u:secret@h:80/a:b@c?q=1&password=secret", "http://u@h:80/a:b@c?q=1"},
      {"mysql://u:s3cr/et@h", "mysql://u@h"},
      {"--database-url=postgres://u:s3cr/et@h/db", "--database-url=postgres://u@h/db"},
      {"host=h password=secret user=u", "host=h password=..."},
      {"host=h SSLPassword = 's e'", "host=h SSLPassword =..."},
      {"password.txt", "password.txt"},
      {"p95 < 10ms", "p95 < 10ms"},
      {"", ""},
  }));
  CHECK(without_password(row.url) == row.shown);
}

TEST_CASE("what libpq quotes is left out where it may be a piece of a password, and only there") {
  struct Row {
    std::string conninfo, message, shown;
    bool malformed = false;
  };
  const std::string advice =
      " (a '/', '?', ':' or '@' in a password must be written as %2F, %3F, %3A or %40)";
  const auto row = GENERATE_COPY(values<Row>({
      {"postgresql://u:secret@h/db", R"(no host "h", port 5432)", R"(no host "h", port 5432)"},
      {"postgresql://u:s3cr/et@h/db", R"(invalid port number: "s3cr")",
       R"(invalid port number: "...")" + advice},
      {"postgresql://u:p@ssw0rd@h/db", R"(no host "ssw0rd@h", no)", R"(no host "...", no)" + advice},
      {"postgresql://u:5432/x@h", R"(at "u", port 5432 failed: "x@h")",
       R"(at "...", port ... failed: "...")" + advice},
      {"postgresql://u:a\"b/c@h", R"(at "a"b/c" no)", "at ..."},
      {"postgresql://u:100%@h", R"(invalid token: "100%")", R"(invalid token: "...")" + advice, true},
      {"postgresql://h/db?password=a&b", R"(no "=": "b")", R"(no "...": "...")" + advice, true},
      {"postgresql://h/db?hots=a", R"(invalid: "hots")", R"(invalid: "hots")", true},
      {"host=a password=my secret", R"(no "=" after "secret")", R"(no "..." after "...")", true},
      {"host=a password='secret", R"(unterminated "secret)", R"(unterminated "...)", true},
      {"hots=a", R"(invalid option "hots")", R"(invalid option "hots")", true},
      {"host=a password='x y'", R"(no host "a")", R"(no host "a")"},
  }));
  CAPTURE(row.conninfo);
  CHECK(without_secrets(row.message, row.conninfo, row.malformed) == row.shown);
}
