package underpin.fix.backport;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LabeledStatementTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement, or a body that holds statements, and the text it comes from.
 *
 * @param kind what statement it is
 * @param isList whether its children are a list of statements; else they are its fixed places
 * @param source the whole text
 */
record Node(
    Tree.Kind kind, boolean isList, Source source, int start, int end, List<Node> children) {

  /** {@return the statement as tree; {@code null} trees and places out of the text do not occur} */
  static Node of(Source source, Tree tree) {
    return switch (tree) {
      case BlockTree block -> list(source, block, block.getStatements());
      case IfTree one ->
          one.getElseStatement() == null
              ? places(source, one, body(source, one.getThenStatement()))
              : places(
                  source,
                  one,
                  body(source, one.getThenStatement()),
                  one.getElseStatement() instanceof IfTree chained
                      ? of(source, chained)
                      : body(source, one.getElseStatement()));
      case WhileLoopTree one -> places(source, one, body(source, one.getStatement()));
      case DoWhileLoopTree one -> places(source, one, body(source, one.getStatement()));
      case ForLoopTree one -> places(source, one, body(source, one.getStatement()));
      case EnhancedForLoopTree one -> places(source, one, body(source, one.getStatement()));
      case LabeledStatementTree one -> places(source, one, of(source, one.getStatement()));
      case SynchronizedTree one -> places(source, one, of(source, one.getBlock()));
      case SwitchTree one -> list(source, one, one.getCases());
      case CaseTree one when one.getStatements() != null -> list(source, one, one.getStatements());
      case TryTree one -> {
        List<Node> parts = new ArrayList<>();
        parts.add(of(source, one.getBlock()));
        for (CatchTree handler : one.getCatches()) {
          parts.add(places(source, handler, of(source, handler.getBlock())));
        }
        if (one.getFinallyBlock() != null) {
          parts.add(of(source, one.getFinallyBlock()));
        }
        yield new Node(
            one.getKind(), false, source, source.start(one), source.end(one), List.copyOf(parts));
      }
      default ->
          new Node(
              tree.getKind(),
              false,
              source,
              source.start(tree),
              source.end(tree),
              inside(source, tree));
    };
  }

  /** The bodies of lambdas and of methods of anonymous classes in a statement, the outermost. */
  private static List<Node> inside(Source source, Tree statement) {
    List<Node> bodies = new ArrayList<>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitLambdaExpression(LambdaExpressionTree lambda, Void none) {
        if (lambda.getBody() instanceof BlockTree block) {
          bodies.add(of(source, block));
          return null;
        }
        return super.visitLambdaExpression(lambda, none);
      }

      @Override
      public Void visitMethod(MethodTree method, Void none) {
        // The constructor of an anonymous class is in no text.
        if (method.getBody() != null
            && source.end(method.getBody()) > source.start(method.getBody())) {
          bodies.add(of(source, method.getBody()));
        }
        return null;
      }
    }.scan(statement, null);
    return List.copyOf(bodies);
  }

  /** A body without braces is a list of one. */
  private static Node body(Source source, StatementTree statement) {
    if (statement instanceof BlockTree) {
      return of(source, statement);
    }
    Node one = of(source, statement);
    return new Node(Tree.Kind.BLOCK, true, source, one.start, one.end, List.of(one));
  }

  private static Node list(Source source, Tree tree, List<? extends Tree> elements) {
    List<Node> children = new ArrayList<>();
    for (Tree element : elements) {
      Node child = of(source, element);
      boolean sameStatement =
          !children.isEmpty()
              && child.kind == Tree.Kind.VARIABLE
              && child.start < children.getLast().end;
      if (sameStatement) {
        // int i = 0, j = 1; is two trees, and one statement.
        Node first = children.removeLast();
        child =
            new Node(
                first.kind, false, source, first.start, Math.max(first.end, child.end), List.of());
      }
      children.add(child);
    }
    return new Node(
        tree.getKind(), true, source, source.start(tree), source.end(tree), List.copyOf(children));
  }

  private static Node places(Source source, Tree tree, Node... children) {
    return new Node(
        tree.getKind(), false, source, source.start(tree), source.end(tree), List.of(children));
  }

  String text() {
    return source.text().substring(start, end);
  }

  String normal() {
    return Token.normal(source.text(), start, end);
  }

  List<Token> tokens() {
    return Token.of(source.text(), start, end);
  }

  List<String> words() {
    return Token.texts(tokens());
  }

  /** {@return whether it is a statement that holds others only within its expressions} */
  boolean isSimple() {
    return !isList
        && switch (kind) {
          case EXPRESSION_STATEMENT, VARIABLE, RETURN, THROW, YIELD -> true;
          default -> false;
        };
  }

  boolean hasBraces() {
    return start < end && source.text().charAt(start) == '{';
  }

  /** {@return what stands before the first child: {@code if (x)}} */
  String header() {
    int to = children.isEmpty() ? end : children.getFirst().start;
    return Token.normal(source.text(), start, to);
  }

  /** {@return every statement in it, itself first} */
  List<Node> all() {
    List<Node> all = new ArrayList<>();
    collect(all);
    return all;
  }

  private void collect(List<Node> all) {
    all.add(this);
    children.forEach(child -> child.collect(all));
  }

  /** By place: equal statements in two places are two. */
  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return kind + " " + normal();
  }
}
