// Console logs of Jepsen: "INFO  jepsen.util - 3 :invoke :cas [1 2]", the columns apart by tabs or spaces,
// with anything before the process. Lines without an event are left out.
#include <algorithm>
#include <array>

#include "verify/formats/events.hpp"
#include "verify/formats/lines.hpp"
#include "verify/formats/readers.hpp"
#include "verify/formats/utf8.hpp"
#include "verify/formats/whole_number.hpp"

namespace cacherace::verify::formats {
namespace {

constexpr std::string_view space = " \t";

struct Token {
  std::string_view text;
  std::size_t at = 0;
};

// Takes the next token from `line`, from `at` on; empty at the end.
Token next_token(std::string_view line, std::size_t& at) {
  const std::size_t begin = std::min(line.find_first_not_of(space, at), line.size());
  const std::size_t end = std::min(line.find_first_of(space, begin), line.size());
  at = end;
  return {line.substr(begin, end - begin), begin};
}

bool is_type(std::string_view word) {
  return word == ":invoke" || word == ":ok" || word == ":fail" || word == ":info";
}

bool is_process(std::string_view word) {
  return !word.starts_with('-') && whole_number(word).is_one;
}

class LogLine {
 public:
  LogLine(Events& events, Faults& faults) : events_(events), faults_(faults) {}

  // False where the line ends too early.
  bool take(std::string_view line, std::uint64_t number) {
    line_ = line;
    number_ = number;
    std::size_t at = 0;
    Token process;
    bool behind_dash = false;
    for (Token token = next_token(line, at); !token.text.empty(); token = next_token(line, at)) {
      if (is_type(token.text) && !process.text.empty()) return event(process, token, at);
      if (behind_dash && token.text.starts_with(':') && is_process(process.text)) {
        return wrong(token,
                     ":type is " + std::string(token.text) + "; expected :invoke, :ok, :fail or :info");
      }
      behind_dash = token.at >= 2 && line.substr(0, token.at).find("- ") != std::string_view::npos;
      process = token;
    }
    return true;
  }

 private:
  // Where a line ends is told by its caller; what is wrong with one that did not end is not its fault.
  bool wrong(const Token& token, std::string message) {
    faults_.add(number_, token.at + 1, std::move(message));
    return true;
  }

  void word(Form& form, const Token& token) const {
    form.kind = Form::Kind::word;
    form.text = token.text;
    form.line = number_;
    form.column = token.at + 1;
  }

  bool event(const Token& process, const Token& type, std::size_t at) {
    if (!is_utf8(line_)) return wrong({line_, 0}, "bytes that are no UTF-8; expected UTF-8");
    event_.line = number_;
    event_.column = process.at + 1;
    word(event_.process, process);
    if (is_process(process.text)) {
      EdnForms(process.text, number_, process.at + 1).read(event_.process);
    } else if (!process.text.starts_with(':')) {
      return wrong(process, "the process is " + std::string(process.text) + "; expected a number");
    }
    word(event_.type, type);
    word(event_.f, next_token(line_, at));
    if (event_.f.text.empty()) return false;
    const std::size_t value_at = std::min(line_.find_first_not_of(space, at), line_.size());
    EdnForms forms(line_.substr(value_at), number_, value_at + 1);
    if (!forms.read(event_.value)) {
      if (forms.cut_off()) return false;
      faults_.add(number_, forms.fault_column(), forms.fault());
      return true;
    }
    // Behind a value of an operation that failed may stand why.
    forms.skip_space();
    if (!forms.at_end() && (type.text == ":invoke" || type.text == ":ok")) {
      faults_.add(number_, forms.column(), "text behind the value; expected the end of the line");
      return true;
    }
    events_.take(event_);
    return true;
  }

  Events& events_;
  Faults& faults_;
  std::string_view line_;
  std::uint64_t number_ = 0;
  LogEvent event_;
};

}  // namespace

void read_jepsen_log(Source& source) {
  Reading& reading = source.reading;
  Draft draft(source.meaning, "", -1);
  Events events(draft, source.meaning, reading.faults);
  LogLine taker(events, reading.faults);
  Lines lines(source.bytes);
  for (std::string_view line; lines.next(line); source.see(&draft)) {
    if (taker.take(line, lines.number())) continue;
    if (lines.ended()) {
      reading.faults.add(lines.number(), line.size() + 1,
                         "the line ends too early; expected PROCESS :TYPE :F VALUE");
    } else {
      reading.cut_off = "line " + std::to_string(lines.number()) + ", the last, is cut off in its middle";
    }
  }
  if (lines.too_long()) reading.faults.add(lines.number() + 1, 1, "a line of more than 64 MiB");
  if (!events.any() && reading.faults.count() == 0) {
    reading.faults.add(1, 1, "no event of a client in this log; expected lines PROCESS :TYPE :F VALUE");
  }
  reading.histories.push_back(draft.finish(reading.faults));
}

}  // namespace cacherace::verify::formats
