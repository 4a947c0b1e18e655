// Tells the editor where its workers are: files of ours, not blobs, so that the page's policy can name them.
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => {
    const names = {
      editorWorkerService: 'editor',
      graphql: 'graphql',
      json: 'json',
      typescript: 'typescript',
    }
    return `/sandbox/files/${names[label] ?? 'editor'}-worker.js`
  },
}
