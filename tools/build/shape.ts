import { parse, tokenizer, type AnyNode, type Token } from "acorn"

/** A token of the bundle as it goes to the tokeniser, and where it stood. */
export interface Lexeme {
  text: string
  /** What a literal stands for. */
  value: unknown
  /** acorn's name of its kind; a template is one token, from its first quote to its last. */
  label: string
  start: number
  /** A space or a line break stood before it. */
  isSpaced: boolean
}

type Read = Token & { value?: unknown }

/**
 * The bundle's tokens with what is shorter as bytes in place of what is shorter as text: `true` for `!0`, `undefined`
 * for `void 0`, and no semicolon where the next token cannot continue the statement: Espruino's parser ends it there
 * by itself (2v29; a semicolon is eaten if there is one).
 */
export function shaped(code: string): Lexeme[] {
  return withoutSemicolons(withWords(lexemesOf(code)), statementEnds(code))
}

function lexemesOf(code: string): Lexeme[] {
  const tokens: Read[] = [...tokenizer(code, { ecmaVersion: 2020 })]
  const lexemes: Lexeme[] = []
  let before = 0
  for (let at = 0; at < tokens.length; at++) {
    const first = tokens[at]!
    const isTemplate = first.type.label === "`"
    const last = isTemplate ? templateEnd(tokens, at) : at
    const { start } = first
    const { end } = tokens[last]!
    const value = isTemplate && last === at + 2 ? tokens[at + 1]!.value : first.value
    lexemes.push({ text: code.slice(start, end), value, label: first.type.label, start, isSpaced: start > before })
    before = end
    at = last
  }
  return lexemes
}

/** Where the template that opens at `at` closes, over those inside it. */
function templateEnd(tokens: Read[], at: number): number {
  for (let depth = 0; ;) {
    const { label } = tokens[++at]!.type
    if (label === "`" && depth === 0) return at
    if (label === "`") at = templateEnd(tokens, at)
    if (label === "${" || label === "{") depth++
    if (label === "}") depth--
  }
}

const WORDS: Record<string, string> = { "!0": "true", "!1": "false", void0: "undefined" }

function withWords(lexemes: Lexeme[]): Lexeme[] {
  const result: Lexeme[] = []
  for (let at = 0; at < lexemes.length; at++) {
    const [first, second] = [lexemes[at]!, lexemes[at + 1]]
    const word = second?.label === "num" ? WORDS[first.text + second.text] : undefined
    if (word) at++
    result.push(word ? { ...first, text: word, value: undefined, label: word } : first)
  }
  return result
}

/** Offsets of the semicolons that end an expression, a declaration, a `return` with a value or a `throw`. */
function statementEnds(code: string): Set<number> {
  const ends = new Set<number>()
  const visit = (node: AnyNode): void => {
    const isSimple = /^(ExpressionStatement|VariableDeclaration|ThrowStatement|ReturnStatement)$/.test(node.type)
    if (isSimple && code[node.end - 1] === ";") ends.add(node.end - 1)
    for (const part of Object.values(node).flat()) if (typeof part?.type === "string") visit(part)
  }
  visit(parse(code, { ecmaVersion: 2020 }))
  return ends
}

/** Words of one byte that begin a statement: no expression goes on with them. */
const BEGINS =
  /^(if|do|for|break|continue|function|return|var|let|const|this|throw|try|new|switch|case|default|delete|typeof|void|class|else)$/

function withoutSemicolons(lexemes: Lexeme[], ends: Set<number>): Lexeme[] {
  return lexemes.filter(({ start }, at) => {
    const [before, next] = [lexemes[at - 1], lexemes[at + 1]]
    if (!ends.has(start) || !before || !next || before.text === "return") return true
    if (BEGINS.test(next.text)) return false
    // Two names need something between them, and one character is one character.
    return !(next.label === "name" && /^[)\]}]$/.test(before.text))
  })
}
