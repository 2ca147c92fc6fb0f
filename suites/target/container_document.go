package target

// documentContainer is a target that is an image.
type documentContainer struct {
	documentService
	Scheme     string
	Companions map[string]documentService
	Seed       []documentStep
}

type documentService struct {
	Image string
	Build *struct {
		Context, Dockerfile string
		Args                map[string]string
	}
	Env     map[string]string
	Command []string
	Port    int
	Ready   struct {
		Path, Log, Within string
		Status            int
	}
	Files []struct{ From, To string }
}

type documentLog struct{ Of string }
