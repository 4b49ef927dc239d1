module tools/stand-ins

go 1.26.0

tool (
	tools/stand-ins/code-server
	tools/stand-ins/firecracker
	tools/stand-ins/terminal
)
