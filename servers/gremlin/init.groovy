import org.apache.tinkerpop.gremlin.process.traversal.strategy.verification.LambdaRestrictionStrategy

// A script that answers a map names what clients may ask for: `g` alone, which refuses lambdas as Neptune does.
[g: traversal().withEmbedded(graph).withStrategies(LambdaRestrictionStrategy.instance())]
