import groovy.transform.CompileStatic
import org.apache.tinkerpop.gremlin.process.traversal.strategy.verification.LambdaRestrictionStrategy
import org.apache.tinkerpop.gremlin.structure.Graph
import org.apache.tinkerpop.gremlin.structure.T
import org.apache.tinkerpop.gremlin.structure.Vertex

// Reads what Neptune's bulk loader takes: vertices.csv and edges.csv, their columns named in the first line. No quotes.
@CompileStatic
class BulkLoader {
  final Graph graph
  // Where there are transactions nothing of one may be used in the next, and one of everything would hold it all twice.
  final boolean inTransactions
  final Map<String, Vertex> vertices = new HashMap<>()
  int rows = 0

  BulkLoader(Graph graph) {
    this.graph = graph
    inTransactions = graph.features().graph().supportsTransactions()
  }

  void load(File folder) {
    read(new File(folder, 'vertices.csv')) { Map<String, String> row, List<Object> told ->
      Vertex vertex = graph.addVertex(([T.label, row.get('~label')] as List<Object>).plus(told).toArray())
      if (!inTransactions) vertices.put(row.get('~id'), vertex)
    }
    read(new File(folder, 'edges.csv')) { Map<String, String> row, List<Object> told ->
      find(row.get('~from')).addEdge(row.get('~label'), find(row.get('~to')), told.toArray())
    }
    if (inTransactions) graph.tx().commit()
  }

  private Vertex find(String id) { return inTransactions ? graph.vertices(id).next() : vertices.get(id) }

  private void read(File file, Closure take) {
    file.withReader('UTF-8') { Reader reader ->
      String[] names = reader.readLine().split(',')
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.indexOf('"') >= 0) throw new IllegalArgumentException("No quotes are read here: " + line)
        String[] fields = line.split(',', -1)
        Map<String, String> row = new HashMap<>()
        List<Object> told = new ArrayList<>()
        for (int i = 0; i < names.length; i++) {
          if (names[i].startsWith('~')) row.put(names[i], fields[i])
          else if (!fields[i].isEmpty()) {
            told.add(names[i].substring(0, names[i].indexOf(':')))
            told.add(names[i].contains(':Long') ? (Object) Long.valueOf(fields[i]) : (Object) Double.valueOf(fields[i]))
          }
        }
        told.add(T.id)
        told.add(row.get('~id'))
        take.call(row, told)
        if (inTransactions && ++rows % 10000 == 0) graph.tx().commit()
      }
    }
  }
}

if ('{load}') new BulkLoader(graph).load(new File('{load}'))

// A script that answers a map names what clients may ask for: `g` for the graph, `other1` and so on for empty ones
// beside it. Lambdas are refused, as in Neptune.
def open = { name -> traversal().withEmbedded(getProperty(name)).withStrategies(LambdaRestrictionStrategy.instance()) }
(1..<({graphs})).collectEntries { ["other$it" as String, open("empty$it")] } + [g: open('graph')]
