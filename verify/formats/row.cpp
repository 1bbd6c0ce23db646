#include "verify/formats/row.hpp"

namespace cacherace::verify::formats {
namespace {

constexpr std::string_view time_expected = "expected ns, a whole number from 0 to 2^62 - 1";

bool given(const Scalar& scalar) {
  return scalar.kind != Scalar::Kind::missing && scalar.kind != Scalar::Kind::nothing;
}

// What stands there, as far as it can be shown.
std::string shown(const Scalar& scalar) {
  constexpr std::size_t longest = 60;
  switch (scalar.kind) {
    case Scalar::Kind::nothing:
      return "null";
    case Scalar::Kind::number:
    case Scalar::Kind::large:
    case Scalar::Kind::fraction:
    case Scalar::Kind::other:
      return std::string(scalar.text.substr(0, longest));
    case Scalar::Kind::text: {
      std::string text = "\"";
      text += scalar.text.substr(0, longest);
      return text + (scalar.text.size() > longest ? "…\"" : "\"");
    }
    case Scalar::Kind::missing:
      break;
  }
  return "missing";
}

}  // namespace

bool RowTaker::wrong(Field field, std::string_view expected) {
  const Scalar& scalar = (*row_)[field];
  std::string message = "\"";
  message += field_names[static_cast<std::size_t>(field)];
  message += scalar.kind == Kind::missing ? std::string("\" is missing") : "\" is " + shown(scalar);
  message += "; ";
  message += expected;
  faults_.add(line_, scalar.kind == Kind::missing ? 1 : scalar.column, std::move(message));
  return false;
}

bool RowTaker::read_kind() {
  constexpr std::string_view expected = R"(expected "read", "write" or "cas")";
  const Scalar& op = (*row_)[Field::op];
  if (op.kind != Kind::text) return wrong(Field::op, expected);
  if (op.text == "read") {
    operation_.kind = OperationKind::read;
  } else if (op.text == "write") {
    operation_.kind = OperationKind::write;
  } else if (op.text == "cas") {
    operation_.kind = OperationKind::cas;
  } else {
    return wrong(Field::op, expected);
  }
  return true;
}

bool RowTaker::read_outcome() {
  constexpr std::string_view expected = R"(expected "ok", "fail" or "unknown")";
  const Scalar& outcome = (*row_)[Field::outcome];
  if (outcome.kind != Kind::text) return wrong(Field::outcome, expected);
  if (outcome.text == "ok") {
    operation_.outcome = Outcome::ok;
  } else if (outcome.text == "fail") {
    operation_.outcome = Outcome::fail;
  } else if (outcome.text == "unknown") {
    operation_.outcome = Outcome::unknown;
  } else {
    return wrong(Field::outcome, expected);
  }
  return true;
}

bool RowTaker::time_of(Field field, Nanos& time) {
  const Scalar& scalar = (*row_)[field];
  if (scalar.kind != Kind::number || scalar.number < 0 || scalar.number >= time_bound) {
    return wrong(field, time_expected);
  }
  time = scalar.number;
  return true;
}

bool RowTaker::read_times() {
  operation_.end = never;
  if (!time_of(Field::start, operation_.start)) return false;
  if (!given((*row_)[Field::end])) {
    return operation_.outcome != Outcome::ok ||
           wrong(Field::end, "an operation that is ok has an end, in ns");
  }
  if (!time_of(Field::end, operation_.end)) return false;
  if (operation_.end < operation_.start) return wrong(Field::end, "expected an end not before the start");
  if (operation_.outcome == Outcome::unknown) operation_.end = never;  // only its client gave up then
  return true;
}

bool RowTaker::read_names() {
  const Scalar& client = (*row_)[Field::client];
  if (client.kind != Kind::number && client.kind != Kind::text) {
    return wrong(Field::client, "expected a number or a name");
  }
  const Kind key = (*row_)[Field::key].kind;
  if (key != Kind::text) return wrong(Field::key, "expected a name in quotes");
  const Scalar& strategy = (*row_)[Field::strategy];
  if (given(strategy) && strategy.kind != Kind::text) {
    return wrong(Field::strategy, "expected a name in quotes");
  }
  const Scalar& run = (*row_)[Field::run];
  if (given(run) && (run.kind != Kind::number || run.number < 0)) {
    return wrong(Field::run, "expected a whole number from 0");
  }
  return true;
}

bool RowTaker::value_of(Draft& draft, Field field, Value& value) {
  const Scalar& scalar = (*row_)[field];
  if (scalar.kind == Kind::number) {
    value = draft.number(scalar.number);
  } else if (scalar.kind == Kind::text) {
    value = draft.text(scalar.text);
  } else if (scalar.kind == Kind::large) {
    value = draft.number(scalar.text);
  } else {
    return wrong(field, "expected a whole number or a text");
  }
  return true;
}

bool RowTaker::read_values(Draft& draft) {
  const Scalar& value = (*row_)[Field::value];
  const Scalar& from = (*row_)[Field::from];
  operation_.value = History::nothing;
  operation_.from = initial_value;
  if (operation_.kind == OperationKind::read) {
    if (value.kind == Kind::missing && operation_.outcome == Outcome::ok) {
      return wrong(Field::value, "a read that is ok has one (null: it found nothing)");
    }
    if (given(value) && !value_of(draft, Field::value, operation_.value)) return false;
  } else if (!value_of(draft, Field::value, operation_.value)) {
    return false;
  }
  if (operation_.kind == OperationKind::cas) return value_of(draft, Field::from, operation_.from);
  return !given(from) || wrong(Field::from, R"(only "cas" has it)");
}

void RowTaker::take(const Row& row, std::uint64_t line) {
  row_ = &row;
  line_ = line;
  if (!read_kind() || !read_outcome() || !read_times() || !read_names()) return;
  const Scalar& strategy = row[Field::strategy];
  const Scalar& run = row[Field::run];
  Draft& draft = drafts_.of(given(strategy) ? strategy.text : "", given(run) ? run.number : -1);
  if (!read_values(draft)) return;
  const Scalar& client = row[Field::client];
  operation_.key = draft.key(row[Field::key].text);
  operation_.client = client.kind == Kind::number ? draft.client(client.number) : draft.client(client.text);
  draft.add(operation_, line);
}

}  // namespace cacherace::verify::formats
