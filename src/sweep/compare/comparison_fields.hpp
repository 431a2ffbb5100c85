#pragma once
// The one list of a written comparison's fields (report/struct_json.hpp walks it).

#include "sweep/analysis/summary_fields.hpp"
#include "sweep/compare/comparison.hpp"

namespace troupe::sweep {

template <class Visitor, Is<ComparisonRow> S>
void visit_fields(Visitor& visit, S& s) {
  visit("what", s.what);
  visit("metric", s.metric);
  visit("a", s.a);
  visit("b", s.b);
  visit("change", s.change);
  visit("verdict", s.judgement);
}

template <class Visitor, Is<Comparison> S>
void visit_fields(Visitor& visit, S& s) {
  visit("kind", s.kind);
  visit("rows", s.rows);
  visit("common", s.common);
  visit("only_a", s.only_a);
  visit("only_b", s.only_b);
  visit("notes", s.notes);
}

}  // namespace troupe::sweep
