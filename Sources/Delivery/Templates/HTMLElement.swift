// What the HTML of a template says of itself.

import Model

/// A start tag of HTML in a template's text; attributes may have Mustache's tags in their values.
struct HTMLElement: Hashable, Sendable {
    /// In lower case.
    var name: String
    /// By their names in lower case; a value is written as in the template.
    var attributes: [String: String]
    /// The names of those whose values have no quotes around them.
    var unquoted: Set<String> = []
    var position: TemplatePosition
}

extension MailTemplate {
    /// The language that `<html lang>` says; nil without.
    var languageOfHTML: String? {
        let html = HTMLElement.all(in: source).first { $0.name == "html" }
        guard let language = html?.attributes["lang"], LocaleTag(language) != nil else { return nil }
        return language
    }
}

extension HTMLElement {
    /// The start tags in the order of the text; comments, style sheets and scripts are passed over.
    static func all(in source: TemplateSource) -> [HTMLElement] {
        var scanner = HTMLScanner(source)
        return scanner.elements()
    }
}

/// Reads start tags; lenient, as mail programs are.
private struct HTMLScanner {
    private var scalars: [Unicode.Scalar] = []
    private var positions: [TemplatePosition] = []
    private var index = 0

    init(_ source: TemplateSource) {
        var position = TemplatePosition(line: 1, column: 1)
        for piece in source.pieces {
            switch piece {
            case .text(let text):
                for scalar in text.unicodeScalars {
                    scalars.append(scalar)
                    positions.append(position)
                    position = position.moved(by: [scalar])
                }
            case .tag(let tag):
                let text = tag.isVariable ? "{{\(tag.name)}}" : ""
                scalars.append(contentsOf: text.unicodeScalars)
                positions.append(contentsOf: text.unicodeScalars.map { _ in tag.position })
                position = tag.end
            }
        }
    }

    mutating func elements() -> [HTMLElement] {
        var elements: [HTMLElement] = []
        while index < scalars.count {
            guard scalars[index] == "<" else {
                index += 1
                continue
            }
            if isAt("<!--") {
                skip(past: "-->")
            } else if let element = element() {
                elements.append(element)
                if element.name == "style" || element.name == "script" { skip(past: "</\(element.name)") }
            }
        }
        return elements
    }

    /// The element whose `<` is here; nil for what is no start tag.
    private mutating func element() -> HTMLElement? {
        let position = positions[index]
        index += 1
        let name = read { Self.isLetter($0) || "0"..."9" ~= $0 }
        guard let first = name.unicodeScalars.first, Self.isLetter(first) else { return nil }
        var element = HTMLElement(name: name.lowercased(), attributes: [:], position: position)
        while index < scalars.count, scalars[index] != ">" {
            let key = read { !Self.isBlank($0) && $0 != "=" && $0 != ">" && $0 != "/" }.lowercased()
            guard !key.isEmpty else {
                index += 1
                continue
            }
            _ = read(Self.isBlank)
            var value = ""
            if index < scalars.count, scalars[index] == "=" {
                index += 1
                _ = read(Self.isBlank)
                if index < scalars.count, scalars[index] != "\"", scalars[index] != "'" {
                    element.unquoted.insert(key)
                }
                value = self.value()
            }
            element.attributes[key] = element.attributes[key] ?? value
        }
        index += 1
        return element
    }

    private mutating func value() -> String {
        guard index < scalars.count else { return "" }
        let quote = scalars[index]
        guard quote == "\"" || quote == "'" else { return read { !Self.isBlank($0) && $0 != ">" } }
        index += 1
        let value = read { $0 != quote }
        index += 1
        return value
    }

    private mutating func read(_ isPart: (Unicode.Scalar) -> Bool) -> String {
        var text = String.UnicodeScalarView()
        while index < scalars.count, isPart(scalars[index]) {
            text.append(scalars[index])
            index += 1
        }
        return String(text)
    }

    private func isAt(_ mark: String) -> Bool {
        let mark = mark.unicodeScalars
        return index + mark.count <= scalars.count
            && zip(scalars[index...], mark).allSatisfy {
                $0 == $1 || $0.properties.lowercaseMapping == String($1)
            }
    }

    private mutating func skip(past mark: String) {
        while index < scalars.count, !isAt(mark) { index += 1 }
        index = min(scalars.count, index + mark.unicodeScalars.count)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        "a"..."z" ~= scalar || "A"..."Z" ~= scalar
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        " \t\r\n".unicodeScalars.contains(scalar)
    }
}
