import type { NodePath, PluginObj, types as Types } from "@babel/core"

type Babel = { types: typeof Types }

/**
 * `super.m()` throws inside arrow functions (Espruino 2v29), and a class expression's own name is unknown inside it:
 * the first becomes a call through the parent, the second takes the name of the variable that holds the class.
 * esbuild's `super(...arguments)`, made for a derived class with fields, gets the parent's parameters by name.
 */
export function classes({ types: t }: Babel): PluginObj {
  return {
    name: "motewire-classes",
    visitor: {
      CallExpression(path) {
        const callee = path.node.callee
        if (t.isSuper(callee)) nameArguments(path, t)
        if (!t.isMemberExpression(callee) || !t.isSuper(callee.object)) return
        callee.object = parentOf(path, t)
        path.node.callee = t.memberExpression(callee, t.identifier("call"))
        path.node.arguments.unshift(t.thisExpression())
      },
      ClassExpression(path) {
        const own = path.node.id
        if (!own) return
        const holder = path.parent
        if (t.isVariableDeclarator(holder) && t.isIdentifier(holder.id)) path.scope.rename(own.name, holder.id.name)
        path.node.id = null
      },
    },
  }
}

/** `Parent.prototype`, or `Parent` in a static method. */
function parentOf(path: NodePath, t: typeof Types): Types.Expression {
  const method = path.findParent((outer) => outer.isClassMethod()) as NodePath<Types.ClassMethod>
  const owner = path.findParent((outer) => outer.isClass()) as NodePath<Types.Class>
  const parent = t.cloneNode(owner.node.superClass!)
  return method.node.static ? parent : t.memberExpression(parent, t.identifier("prototype"))
}

/** `super(...arguments)` becomes `super(a, b)` in a constructor (a, b), as many as the nearest constructor above takes. */
function nameArguments(path: NodePath<Types.CallExpression>, t: typeof Types): void {
  const [only] = path.node.arguments
  if (!t.isSpreadElement(only) || !t.isIdentifier(only.argument, { name: "arguments" })) return
  const maker = path.findParent((outer) => outer.isClassMethod()) as NodePath<Types.ClassMethod>
  const owner = path.findParent((outer) => outer.isClass()) as NodePath<Types.Class>
  const names = parametersOf(owner, t).map(() => path.scope.generateUidIdentifier("passed"))
  maker.node.params = names
  path.node.arguments = names.map((name) => t.cloneNode(name))
}

function parametersOf(owner: NodePath<Types.Class>, t: typeof Types): Types.Node[] {
  const parent = owner.scope.getBinding((owner.node.superClass as Types.Identifier).name)?.path
  const above = parent?.isVariableDeclarator() ? (parent.get("init") as NodePath) : parent
  if (!above?.isClass()) return []
  const maker = above.node.body.body.find((one) => t.isClassMethod(one, { kind: "constructor" }))
  if (!maker) return above.node.superClass ? parametersOf(above, t) : []
  return passesAll(maker as Types.ClassMethod, t) ? parametersOf(above, t) : (maker as Types.ClassMethod).params
}

/** A constructor that esbuild made and this plugin has not reached yet. */
function passesAll({ body, params }: Types.ClassMethod, t: typeof Types): boolean {
  const first = body.body[0]
  const call = t.isExpressionStatement(first) && t.isCallExpression(first.expression) && first.expression
  return params.length === 0 && call !== false && t.isSuper(call.callee) && t.isSpreadElement(call.arguments[0])
}
