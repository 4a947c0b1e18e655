import org.apache.tinkerpop.gremlin.process.traversal.strategy.verification.LambdaRestrictionStrategy

// A script that answers a map names what clients may ask for: `g` for the graph, `other1` and so on for empty ones
// beside it. Lambdas are refused, as in Neptune.
def open = { name -> traversal().withEmbedded(getProperty(name)).withStrategies(LambdaRestrictionStrategy.instance()) }
(1..<({graphs})).collectEntries { ["other$it" as String, open("empty$it")] } + [g: open('graph')]
