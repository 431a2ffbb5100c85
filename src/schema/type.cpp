#include "schema/type.hpp"

namespace troupe::schema {

WireForm wire_form_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
      return WireForm::boolean;
    case TypeKind::integer:
      return WireForm::integer;
    case TypeKind::real:
      return WireForm::real;
    case TypeKind::bytes:
      return WireForm::bytes;
    default:
      return WireForm::text;
  }
}

}  // namespace troupe::schema
