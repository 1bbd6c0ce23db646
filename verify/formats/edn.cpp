// Jepsen's history.edn, and the key-value texts of Porcupine: maps of one event each, one behind the other or
// in a vector or list; keys in any order, those that mean nothing here are left out.
#include <utility>

#include "verify/formats/events.hpp"
#include "verify/formats/readers.hpp"

namespace cacherace::verify::formats {
namespace {

class EdnReader {
 public:
  explicit EdnReader(Source& source)
      : source_(source),
        draft_(source.meaning, "", -1),
        events_(draft_, source.meaning, source.reading.faults),
        forms_(source.bytes) {}

  void read() {
    while (next()) source_.see(&draft_);
    Reading& reading = source_.reading;
    if (depth_ != 0 && !reading.cut_off) {
      reading.cut_off = "the file ends before the end of its vector or list";
    }
    reading.histories.push_back(draft_.finish(reading.faults));
  }

 private:
  // False at the end.
  bool next() {
    forms_.skip_space();
    if (forms_.at_end()) return false;
    const char c = forms_.peek();
    if (c == '[' || c == '(') {
      ++depth_;
      forms_.drop();
    } else if ((c == ']' || c == ')') && depth_ > 0) {
      --depth_;
      forms_.drop();
    } else if (!event()) {
      if (forms_.cut_off()) {
        source_.reading.cut_off =
            "line " + std::to_string(event_.line) + ": the last event is cut off in its middle";
        depth_ = 0;
        return false;
      }
      source_.reading.faults.add(forms_.fault_line(), forms_.fault_column(), forms_.fault());
      forms_.recover();
    }
    return true;
  }

  // Reads a map, or another form that is discarded. False where it is malformed.
  bool event() {
    event_.line = forms_.line();
    event_.column = forms_.column();
    if (forms_.peek() == '#') {
      if (!tagged()) return false;
      if (discarded_) return true;
    }
    if (forms_.at_end() || forms_.peek() != '{') return forms_.wrong("expected a map of an event: {…}");
    forms_.drop();
    forget();
    if (!entries()) return false;
    if (sound_) events_.take(event_);
    return true;
  }

  // "#_ form" discards a form, any other tag stands before one.
  bool tagged() {
    discarded_ = false;
    if (!forms_.skip_tag()) return false;
    if (!forms_.tag().starts_with('_')) return true;
    discarded_ = true;
    return forms_.tag() != "_" || forms_.skip();
  }

  void forget() {
    for (const auto& [name, form] : fields()) form->kind = Form::Kind::missing;
    sound_ = true;
  }

  bool entries() {
    while (true) {
      forms_.skip_space();
      if (!forms_.at_end() && forms_.peek() == '}') {
        forms_.drop();
        return true;
      }
      if (!forms_.read(name_)) return false;
      if (name_.kind == Form::Kind::missing) continue;  // discarded
      Form* const field = field_of(name_);
      Form& form = field == nullptr ? ignored_ : *field;
      const bool twice = field != nullptr && field->kind != Form::Kind::missing;
      do {
        if (!forms_.read(form)) return false;
      } while (form.kind == Form::Kind::missing);
      if (twice && sound_) {
        source_.reading.faults.add(name_.line, name_.column,
                                   name_.text + " is there twice; expected it once");
        sound_ = false;
      }
    }
  }

  using Field = std::pair<std::string_view, Form*>;
  std::array<Field, 7> fields() {
    return {{{":type", &event_.type},
             {":f", &event_.f},
             {":process", &event_.process},
             {":value", &event_.value},
             {":key", &event_.key},
             {":time", &event_.time},
             {":index", &event_.index}}};
  }

  Form* field_of(const Form& name) {
    if (name.kind != Form::Kind::word) return nullptr;
    for (const auto& [known, form] : fields()) {
      if (name.text == known) return form;
    }
    return nullptr;
  }

  Source& source_;
  Draft draft_;
  Events events_;
  EdnForms forms_;
  LogEvent event_;
  Form name_, ignored_;
  bool sound_ = true;
  bool discarded_ = false;
  int depth_ = 0;
};

}  // namespace

void read_edn(Source& source) {
  EdnReader(source).read();
}

}  // namespace cacherace::verify::formats
