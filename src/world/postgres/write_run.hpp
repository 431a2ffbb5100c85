#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"
#include "postgres/wire/rows.hpp"
#include "schema/masks.hpp"
#include "world/postgres/repertoire.hpp"
#include "world/postgres/table.hpp"
#include "world/postgres/transactions.hpp"

namespace troupe::world {

/// One statement that writes or locks, row by row. It sees what is committed when it is made, and what
/// earlier statements of its transaction did; a row that changed since it looks at again, once it holds it
/// (PostgreSQL's EvalPlanQual).
class WriteRun {
 public:
  /// `table_order`: it meets the rows that are there in the table's order.
  WriteRun(const Meaning& meaning, const postgres::Params& params, Transactions& transactions,
           Transaction& transaction, bool table_order);

  struct Step {
    Transaction* holder = nullptr;  ///< wait for it, then step again
    std::optional<postgres::StatementError> error{};
    bool finished = false;
  };
  /// Goes on to the end of a row, or until it must wait.
  Step step();
  /// What it returns, once it is finished.
  postgres::Rows rows() const;

 private:
  /// A command's row, and the row that it found.
  struct Input {
    std::int64_t ordinal = 0;
    std::vector<Cell> key{};  ///< as sent
    Cell versions{};
    std::optional<schema::Masks> masks{};
    std::vector<Cell> values{};
    Key found_key{};
    SharedVersion found{};  ///< of a statement that finds its rows
  };
  /// Where a row stands.
  enum class Stage { fresh, made, holding };

  /// What became of a row that was found.
  enum class Found { ours, gone, changed, held };

  void read_inputs(const postgres::Params& params);
  bool finds_rows() const;
  void find_rows(bool table_order);
  bool version_allowed(const Input& input, const Version& version) const;
  bool changed_here(const Slot& slot) const;
  Found look_again(Input& input, Step& step) const;

  Step step_insert(const Input& input);
  Step step_put(const Input& input);
  Step step_update(Input& input);
  /// Removes the row, or locks it.
  Step step_take(Input& input);
  /// Takes the row; the unique rules whose values differ from `before` are then to be checked.
  void hold(const Cells* before);
  Step check_uniques(std::int64_t ordinal);
  void next_row() { ++at_, stage_ = Stage::fresh; }

  /// Makes `row_` of the input's values, on what is there or, for an INSERT, on nothing.
  std::optional<postgres::StatementError> make_new_row(const Input& input);
  std::optional<postgres::StatementError> make_row(const Input& input, const Cells* before);
  std::optional<postgres::StatementError> set_value(const Input& input, std::size_t i, std::size_t place);
  std::optional<postgres::StatementError> set_new_row(const Input& input);
  const std::vector<std::size_t>& places() const;

  const Meaning& meaning_;
  Table& table_;
  Transactions& transactions_;
  Transaction& transaction_;
  std::vector<Input> inputs_;
  std::optional<postgres::StatementError> refused_;  ///< a key that is none
  std::size_t at_ = 0;
  Stage stage_ = Stage::fresh;
  Cells row_;                        ///< what is made of the present input
  Key key_;                          ///< of it
  bool made_ = false;                ///< a put that inserts
  std::vector<std::size_t> checks_;  ///< unique rules still to be checked, the last one first
  struct Returned {
    std::int64_t ordinal;
    bool made;
    Cells cells;
  };
  std::vector<Returned> returned_;
};

}  // namespace troupe::world
