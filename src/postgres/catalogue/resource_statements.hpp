#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"
#include "schema/masks.hpp"
#include "schema/resource.hpp"

namespace troupe::postgres {

/// A statement that carries out many commands at once, and what its parameters are: an array each, with an
/// element of every command's row.
struct BatchStatement {
  Statement statement;
  std::vector<schema::WireForm> params;
};

/// The SQL of one resource, made once. Statements name their rows by ordinal ("o", a bigint from 1), so that
/// answers find their commands whatever the key is; its columns are the resource's, in their order, and
/// behind them xmin where rows have one. Immutable; from any thread.
class ResourceStatements {
 public:
  /// `prefix` begins the statements' names, and is unique in the process.
  ResourceStatements(const schema::Resource& resource, std::string prefix);

  /// One row: $1… the key, no arrays. Returns the columns.
  const BatchStatement& read_one() const { return read_one_; }
  /// Params: the key. Returns o, then the columns; the columns alone where `reads_by_key`.
  const BatchStatement& read() const { return read_; }
  /// The key is one integer, which tells whose row it is: without a join a read costs PostgreSQL 0.6 of it.
  bool reads_by_key() const { return reads_by_key_; }
  /// Params: masks and values of `insertable()`. Returns the columns, in the order of the commands: ORDER BY
  /// feeds INSERT, and RETURNING follows insertion.
  const BatchStatement& create() const { return create_; }
  /// `create` for commands of these columns, naming no other: where nobody knows what the others' defaults
  /// are (a view).
  Statement create_named(const schema::Masks& masks) const;
  /// Params: the key; the versions allowed (text: xmins, comma between; null: any) where rows have one; masks
  /// and values of `updatable()`. What a mask leaves out keeps its value. No key twice. Returns o, then the
  /// columns.
  const BatchStatement& change() const { return change_; }
  /// The same, but what a mask leaves out gets its default.
  const BatchStatement& replace() const { return replace_; }
  /// `change` for commands of these columns, naming no other.
  Statement change_named(const schema::Masks& masks) const;
  /// Params: the key, masks and values of `updatable()`. Makes the row or replaces it. No key twice. Returns
  /// whether it was made, then the columns, in the order of the commands.
  const BatchStatement& put() const { return put_; }
  /// Params: the key, and versions as in `change`. Returns o.
  const BatchStatement& remove() const { return remove_; }
  /// Params: the key. Locks the rows in the order of the parameters, so that a transaction whose statements
  /// touch several of them cannot deadlock with another that begins so.
  const BatchStatement& lock() const { return lock_; }

  /// Appends what a SELECT shows of a column of the table `t`, in its WireForm.
  static void append_shown(const schema::Column& column, std::string& sql);
  /// What a parameter or an element of one, written as `sql`, must be cast to for this column: "::uuid", or
  /// nothing.
  static std::string cast_of(const schema::Column& column);
  /// A column of the table `t` as an operand beside such a parameter. PostgreSQL compares no domain over an
  /// enumeration with that.
  static std::string comparable(const schema::Column& column);

 private:
  void make_reads();
  void make_changes();
  std::string change_sql(const std::string& set) const;

  const schema::Resource& resource_;
  std::string prefix_;
  bool reads_by_key_ = false;
  std::string shown_;         ///< all columns and xmin
  std::string created_from_;  ///< the arrays of a create
  std::string changed_from_;  ///< the arrays of a change
  BatchStatement read_one_, read_, create_, change_, replace_, put_, remove_, lock_;
};

/// The types of a parameter in this form, and of an array of them.
Oid oid_of(schema::WireForm form);
Oid array_oid_of(schema::WireForm form);

}  // namespace troupe::postgres
